"""What every service needs and none owns: it knows no service and holds no business word."""
