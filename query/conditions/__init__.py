"""One file, one condition, named CONDITION. There is no list to edit: `query.registry` walks."""
