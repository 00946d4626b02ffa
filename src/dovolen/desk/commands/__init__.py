"""What the command line does with the desk. Modules that start processes load Django only where they must."""
