"""Loading `seeds/`: each file is read, checked whole, then loaded whole or not at all."""
