"""What people may ask of a venue: to be forgotten, to see what was sent; and the venue's own way out."""
