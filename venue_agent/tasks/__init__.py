"""What a command does once the desk is open: one round, one preview, one rotation, one way out."""
