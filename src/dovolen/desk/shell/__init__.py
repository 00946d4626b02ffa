"""The frame in which every page stands: layout, components, words for numbers, forms, errors told in words."""
