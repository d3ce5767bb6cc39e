; What is shown as what, in names that Neovim and Helix share. No node is captured twice, so that it does not
; matter to which of two captures an editor gives precedence.

(comment) @comment
(doc_comment) @comment.documentation

[
  "use" "import_stack" "stack" "param" "setting" "let" "type" "component" "output" "export" "existing" "resource"
  "kind" "emit" "out" "verb" "event" "check" "grant" "needs" "append" "rule" "assert" "report"
  "on" "can" "to" "at" "as" "of" "by" "when" "where" "in" "len" "matching" "wakes" "reaches"
] @keyword
["if" "else"] @keyword.conditional
"for" @keyword.repeat

; Declarations
(entry kind: (path (identifier) @type))
(entry kind: (_) name: (identifier) @variable)
(entry !kind name: (path (identifier) @property))
(entry !kind name: (identifier) @property)
(existing_statement kind: (path (identifier) @type) name: (identifier) @variable)
(resource_statement name: (identifier) @variable)
(stack_statement name: (identifier) @module)
(use_statement name: (identifier) @module)
(import_statement name: (identifier) @module)
[
  (let_statement name: (identifier) @variable)
  (param_statement name: (identifier) @variable)
  (setting_statement name: (identifier) @variable)
  (output_statement name: (identifier) @variable)
  (for_statement name: (identifier) @variable)
  (for_statement second: (identifier) @variable)
  (comprehension name: (identifier) @variable)
  (comprehension second: (identifier) @variable)
  (binder name: (identifier) @variable)
]
(parameter name: (identifier) @variable.parameter)
(argument name: (identifier) @variable.parameter)
(component_statement name: (identifier) @type)
(kind_statement name: (identifier) @type)
(type_statement name: (identifier) @type)
(emit_statement name: (identifier) @property)
(out_statement name: (identifier) @property)
(append_statement name: (path (identifier) @property))
(verb_statement name: (identifier) @function)
(event_statement name: (identifier) @function mode: (identifier) @constant to: (path (identifier) @type)?)
(can_statement verb: (identifier) @function)
(needs_statement verb: (identifier) @function)
(relation verb: (identifier) @function)
(check_statement name: (kebab) @label severity: (identifier) @constant)
(rule_statement name: (kebab) @label severity: (identifier) @constant)
(attribute "@" @attribute name: (identifier) @attribute)

; Values
(name) @variable
(function) @function
(member name: (identifier) @property)
(constant) @constant.builtin
(literal) @number
(cast unit: (identifier) @type)

; Types
(type_name (path (identifier) @type))
(type_field name: (identifier) @property)

; Texts
[(string) (long_string)] @string
(escape) @string.escape
(interpolation ["${" "}"] @punctuation.special)

; Signs
["=" "==" "!=" "<" "<=" ">" ">=" "+" "-" "*" "/" "%" "!" "&&" "||" "??" "|" "?" ".."] @operator
["," ";" "." ":"] @punctuation.delimiter
["(" ")" "[" "]"] @punctuation.bracket
(block ["{" "}"] @punctuation.bracket)
(type_record ["{" "}"] @punctuation.bracket)
