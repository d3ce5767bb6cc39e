; What can be folded: whatever may be longer than a line and has an end.
[(block) (list) (arguments) (parameters) (type_record) (long_string)] @fold
