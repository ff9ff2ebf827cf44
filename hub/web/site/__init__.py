"""The pages of the site, one file for each of them; ``hub.web.pages`` tells how to add one."""
