"""How many connections there are: followed and solved without any network."""
