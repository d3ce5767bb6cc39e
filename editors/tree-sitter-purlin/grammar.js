/**
 * The grammar of Purlin for editors: highlighting, folds, indentation, selections.
 *
 * grammar/purlin.pest says what the language is; this says the same of correct texts, and leaves mistakes to
 * tree-sitter's own recovery. tests/tree_sitter.rs holds the two to each other.
 *
 * Purlin has no separators between statements, and its words are words of the language only where they stand
 * right: `on = 1` is a field named `on`. So every word that begins a statement may be a name too (`_word`), and
 * what continues an expression must stand on its line, which the scanner in src/scanner.c sees to.
 */

/** How strongly operators bind, as in src/model/expr.rs; what stands behind an operand binds more strongly. */
const PREC = { condition: -1, otherwise: 0, or: 1, and: 2, equal: 3, compare: 4, add: 5, multiply: 6, unary: 7, relation: 8, postfix: 9, call: 10 };

const OPERATORS = [
  [PREC.otherwise, "??"],
  [PREC.or, "||"],
  [PREC.and, "&&"],
  [PREC.equal, choice("==", "!=")],
  [PREC.compare, choice("<", "<=", ">", ">=")],
  [PREC.add, choice("+", "-")],
  [PREC.multiply, choice("*", "/", "%")],
];

/** Words that begin a statement. Before `=`, `{` or `:` they are names. */
const STATEMENTS = [
  "on", "can", "let", "for", "if", "use", "stack", "param", "setting", "type", "component", "output", "export",
  "import_stack", "existing", "resource", "kind", "emit", "out", "verb", "event", "check", "grant", "needs",
  "append", "rule", "assert", "report",
];

/** What stands between commas and may end in one. */
const listed = (rule) => optional(seq(rule, repeat(seq(",", rule)), optional(",")));

module.exports = grammar({
  name: "purlin",

  word: ($) => $.identifier,

  extras: ($) => [/[ \t\r\n\uFEFF]/, $.comment, $.doc_comment],

  // Words that mean something only on the line of what they follow, then the `%` of a percentage.
  // The order is that of `enum` in src/scanner.c.
  externals: ($) => [
    $._inline_if, $._inline_can, $._inline_as, $._inline_wakes, $._inline_reaches, $._inline_in, $._inline_len,
    $._inline_matching, $._inline_where, $._inline_of, $._inline_by, $._percent, $._never,
  ],

  rules: {
    file: ($) => repeat($._statement),

    comment: () => token(/\/\/[^\r\n]*/),
    doc_comment: () => token(prec(1, /\/\/[\/!][^\r\n]*/)),

    // A word that continues an expression may be part of a rule's name, as in `@allow(network-in-one-zone, ...)`.
    identifier: () => /[A-Za-z_][A-Za-z0-9_]*(-(if|else|for|in|as|when|where|on|of)-[A-Za-z0-9_]+)*/,
    kebab: () => /[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*/,
    path: ($) => seq($.identifier, repeat(seq(token.immediate("."), $.identifier))),

    // ---------------------------------------------------------------- statements
    _statement: ($) => choice(
      ",", ";", $.attribute, $.entry,
      $.use_statement, $.stack_statement, $.param_statement, $.setting_statement, $.let_statement,
      $.type_statement, $.component_statement, $.output_statement, $.import_statement, $.existing_statement,
      $.resource_statement, $.for_statement, $.if_statement, $.on_statement, $.can_statement, $.kind_statement,
      $.emit_statement, $.out_statement, $.verb_statement, $.event_statement, $.check_statement,
      $.grant_statement, $.needs_statement, $.append_statement, $.rule_statement, $.assert_statement,
      $.report_statement,
    ),

    block: ($) => seq("{", repeat($._statement), "}"),

    // `name = value`, `name: type = default`, `name { ... }`, `kind name { ... }`.
    entry: ($) => prec(1, choice(
      seq(field("name", choice($.path, $._word, $.string, $.long_string)), $._assign),
      seq(field("name", choice($.path, $._word)), $._typed, optional($._assign)),
      seq(field("name", choice($.path, $._word, $.string, $.long_string)), field("body", $.block)),
      seq(field("kind", $.path), field("name", $.identifier), field("body", $.block)),
    )),
    _word: ($) => prec(1, choice(...STATEMENTS.map((word) => alias(word, $.identifier)))),
    _assign: ($) => seq("=", field("value", $._value)),
    _typed: ($) => seq(":", field("type", $._type)),

    attribute: ($) => seq("@", field("name", $.identifier), optional($.arguments)),

    use_statement: ($) => seq("use", field("file", $._text), optional($._alias)),
    import_statement: ($) => seq("import_stack", field("file", $._text), optional($._alias)),
    _alias: ($) => seq(alias($._inline_as, "as"), field("name", $.identifier)),
    stack_statement: ($) => prec.right(seq("stack", field("name", $.identifier), optional(field("body", $.block)))),
    param_statement: ($) => prec.right(seq(
      "param", field("name", $.identifier), optional($._typed), optional($._assign), optional(field("body", $.block)),
    )),
    setting_statement: ($) => seq("setting", field("name", $.identifier), optional($._typed), optional($._assign)),
    let_statement: ($) => seq("let", field("name", $.identifier), optional($._typed), $._assign),
    type_statement: ($) => seq("type", field("name", $.identifier), "=", field("type", $._type)),
    component_statement: ($) => seq(
      "component", field("name", $.identifier), optional(field("parameters", $.parameters)), field("body", $.block),
    ),
    output_statement: ($) => seq(choice("output", "export"), field("name", $.identifier), $._assign),
    existing_statement: ($) => seq("existing", field("kind", $.path), field("name", $.identifier), field("body", $.block)),
    resource_statement: ($) => seq("resource", field("type", $._text), field("name", $.identifier), field("body", $.block)),

    for_statement: ($) => seq(
      "for",
      choice(
        // Of rules: `for f: function, b: bucket where c { ... }`.
        seq($.binder, repeat(seq(",", $.binder)), optional($._where)),
        seq($._turn, alias($._inline_in, "in"), field("over", $._value), optional(seq(alias($._inline_by, "by"), field("key", $._value)))),
      ),
      field("body", $.block),
    ),
    binder: ($) => seq(field("name", $.identifier), $._typed),
    _turn: ($) => seq(field("name", $.identifier), optional(seq(",", field("second", $.identifier)))),
    _where: ($) => seq(alias($._inline_where, "where"), field("condition", $._value)),
    if_statement: ($) => prec.right(seq("if", field("condition", $._value), field("then", $.block), optional($._else))),
    _else: ($) => seq("else", field("else", choice($.if_statement, $.block))),

    on_statement: ($) => seq("on", field("event", $._value)),
    can_statement: ($) => seq("can", field("verb", $.identifier), choice(field("target", $._value), $._part)),
    // `results("done/*")` is a part of what is named, and no function.
    _part: ($) => prec(PREC.call + 1, seq(field("target", alias($.identifier, $.name)), $.arguments)),

    kind_statement: ($) => seq("kind", field("name", $.identifier), field("body", $.block)),
    emit_statement: ($) => seq("emit", field("name", $.identifier), ":", field("type", $._text), field("body", $.block)),
    out_statement: ($) => seq("out", field("name", $.identifier), optional($._typed), $._assign),
    verb_statement: ($) => seq(
      "verb", field("name", $.identifier), optional(field("parameters", $.parameters)),
      choice(seq("=", field("actions", $._value), $._on), field("body", $.block)),
    ),
    _on: ($) => seq("on", field("on", $._value)),
    event_statement: ($) => seq(
      "event", field("name", $.identifier), optional(field("parameters", $.parameters)), ":", field("mode", $.identifier),
      optional(seq("to", field("to", $.path))), field("body", $.block),
    ),
    check_statement: ($) => prec.right(seq(
      "check", field("name", $.kebab), field("severity", $.identifier), "when", field("condition", $._value),
      ":", field("message", $._value), optional(field("body", $.block)),
    )),
    grant_statement: ($) => seq("grant", field("actions", $._value), $._on, optional($._where)),
    needs_statement: ($) => seq(
      "needs", field("verb", $.identifier), optional($.arguments), optional(seq(alias($._inline_of, "of"), field("of", $._value))),
    ),
    append_statement: ($) => seq("append", field("name", $.path), choice($._assign, field("body", $.block))),
    rule_statement: ($) => seq("rule", field("name", $.kebab), field("severity", $.identifier), field("body", $.block)),
    assert_statement: ($) => seq("assert", field("name", $._text), field("body", $.block)),
    report_statement: ($) => prec.right(seq(
      "report", "at", field("at", $._value), ":", field("message", $._value), optional(field("body", $.block)),
    )),

    parameters: ($) => seq("(", listed($.parameter), ")"),
    parameter: ($) => seq(field("name", $.identifier), optional($._typed), optional($._assign)),

    // ---------------------------------------------------------------- expressions
    _value: ($) => choice($.conditional, $._plain),
    conditional: ($) => prec.right(PREC.condition, seq(
      field("then", $._plain), alias($._inline_if, "if"), field("condition", $._plain),
      optional(seq("else", field("else", choice($.conditional, $._plain)))),
    )),
    _plain: ($) => choice($.binary, $.unary, $._operand),
    binary: ($) => choice(...OPERATORS.map(([strength, sign]) =>
      prec.left(strength, seq($._plain, field("operator", sign), $._plain)))),
    unary: ($) => prec(PREC.unary, seq(field("operator", choice("!", "-")), $._plain)),
    _operand: ($) => choice(
      alias($.identifier, $.name), $.constant, $.string, $.long_string, $.literal, $.list, $.record, $.parenthesised,
      $.member, $.call, $.index, $.cast, $.relation,
    ),
    constant: () => choice("true", "false", "none"),
    literal: ($) => choice($.cidr, $.date, $.number),
    cidr: () => /[0-9]{1,3}(\.[0-9]{1,3}){3}\/[0-9]{1,2}/,
    date: () => /[0-9]{4}-[0-9]{2}-[0-9]{2}/,
    number: ($) => seq($._digits, optional($._percent)),
    _digits: () => /[0-9][0-9_]*(\.[0-9]+)?([A-Za-z][A-Za-z0-9_]*)?/,
    parenthesised: ($) => seq("(", $._value, ")"),
    list: ($) => seq("[", optional(choice(
      seq($._value, repeat1($.comprehension)),
      listed($._value),
    )), "]"),
    comprehension: ($) => seq(
      "for", $._turn, alias($._inline_in, "in"), field("over", $._plain),
      optional(seq(choice("if", alias($._inline_if, "if")), field("condition", $._plain))),
    ),
    record: ($) => $.block,
    member: ($) => prec(PREC.postfix, seq(field("of", $._operand), token.immediate("."), field("name", $.identifier))),
    // Functions and methods are told from other names here, so that no query has to.
    call: ($) => prec(PREC.call, choice(
      seq(field("function", alias($.identifier, $.function)), $.arguments),
      seq(field("of", $._operand), token.immediate("."), field("function", alias($.identifier, $.function)), $.arguments),
      seq(field("of", $._operand), $.arguments),
    )),
    arguments: ($) => seq(token.immediate("("), listed($.argument), ")"),
    argument: ($) => choice(seq(field("name", $.identifier), ":", $._value), $._value),
    index: ($) => prec(PREC.postfix, seq(field("of", $._operand), token.immediate("["), $._value, "]")),
    cast: ($) => prec(PREC.relation, seq($._operand, alias($._inline_as, "as"), field("unit", $.identifier))),
    // How two declarations stand to each other: `f can write b`, `b.created wakes f`, `a reaches b`.
    relation: ($) => prec.left(PREC.relation, seq(
      $._operand,
      choice(seq(alias($._inline_can, "can"), field("verb", $.identifier)), alias($._inline_wakes, "wakes"), alias($._inline_reaches, "reaches")),
      $._operand,
    )),

    // ---------------------------------------------------------------- strings
    _text: ($) => choice($.string, $.long_string),
    string: ($) => seq('"', repeat(choice($._chars, $.escape, $.interpolation)), token.immediate('"')),
    _chars: () => choice(token.immediate(prec(1, /[^"\\$\r\n]+/)), token.immediate(prec(1, "$"))),
    escape: () => choice(token.immediate(prec(1, /\\[^\r\n]/)), token.immediate(prec(1, "$${"))),
    long_string: ($) => seq('"""', repeat(choice($._long_chars, alias($._long_escape, $.escape), $.interpolation)), token.immediate(prec(1, '"""'))),
    _long_chars: () => choice(token.immediate(prec(1, /[^"$]+/)), token.immediate(prec(1, '"')), token.immediate(prec(1, "$"))),
    _long_escape: () => token.immediate(prec(1, "$${")),
    interpolation: ($) => seq(token.immediate(prec(1, "${")), $._value, "}"),

    // ---------------------------------------------------------------- types
    _type: ($) => choice($.union, $._atom),
    union: ($) => prec.left(seq($._type, "|", $._atom)),
    _atom: ($) => choice($.refined, $._bare),
    refined: ($) => seq($._bare, repeat1($.refinement)),
    _bare: ($) => choice($.optional, $._named_type),
    optional: ($) => seq($._named_type, "?"),
    _named_type: ($) => choice($.type_name, $.string, $.type_list, $.type_record, $.type_parenthesised),
    type_name: ($) => $.path,
    type_list: ($) => seq("[", $._type, "]"),
    type_parenthesised: ($) => seq("(", $._type, ")"),
    type_record: ($) => seq("{", repeat(choice($.type_field, ",")), "}"),
    type_field: ($) => seq(field("name", choice($.identifier, $.string)), $._typed, optional($._assign)),
    refinement: ($) => choice(
      seq(choice(alias($._inline_in, "in"), alias($._inline_len, "len")), $.range),
      seq(alias($._inline_matching, "matching"), $._text),
    ),
    range: ($) => prec.right(choice(seq($.bound, optional(seq("..", optional($.bound)))), seq("..", optional($.bound)))),
    bound: ($) => seq(optional("-"), $.literal),
  },
});
