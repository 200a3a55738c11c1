"""A simulation of what is past one primary: four Kontors, each with some sellers' stock, and orders over several."""
