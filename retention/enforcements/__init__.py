"""What is done in the end, one file each; found by walking the folder."""
