; Within brackets a line stands two blanks further in. The names are Neovim's, then Helix's.
[(block) (list) (arguments) (parameters) (parenthesised) (type_record) (type_list)] @indent.begin @indent
["}" "]" ")"] @indent.branch @outdent
(long_string) @indent.ignore
