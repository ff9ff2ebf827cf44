"""The cube of an edition: few traits of people, crossed; pure, made of what was published."""
