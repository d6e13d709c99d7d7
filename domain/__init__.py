"""The ground floor: values, words and tables of the product; standard library only."""
