"""How to run Farandole: the demonstration network and the deployment files."""
