"""What maintenance does, one verb a file. The entrance commits; nothing here does."""
