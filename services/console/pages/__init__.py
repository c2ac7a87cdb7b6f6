"""Routes: gather what a page needs, hand it to a view model, render."""
