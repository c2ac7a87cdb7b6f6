"""What is done with members. Other rooms move and release them through `roll`."""
