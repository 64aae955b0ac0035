"""Trials one after another, each recorded, until what is asked for is done."""
