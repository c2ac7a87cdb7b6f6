"""The services of Jiceng, and the chassis they stand on."""
