"""What runs Farandole somewhere: demo network, service files."""
