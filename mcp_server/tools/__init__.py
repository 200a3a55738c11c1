"""The tools, by what they are about; `all_tools` is the one list."""
