//! Expressions from trees. Knows nothing of what names mean.

use crate::base::{Diagnostic, Name, Span, line_ends};
use crate::model::rule::Relation;
use crate::model::{Argument, Entry, Expr, Node as E, Op, Piece, Unit, Value};
use crate::syntax::{Kind, Node};

use super::attributes::FIELD;
use super::collect::Collector;

impl Collector<'_> {
    /// An `expr` or `plain` node.
    pub(super) fn expr(&mut self, node: Node<'_>) -> Expr {
        let mut parts = node.children().peekable();
        let mut operands: Vec<Expr> = Vec::new();
        let mut operators: Vec<(Op, u8)> = Vec::new();
        let mut condition = None;
        loop {
            operands.push(self.operand(&mut parts, node));
            let Some(next) = parts.next() else { break };
            match next.kind() {
                Kind::operator => {
                    let Some((op, strength)) = Op::of(next.text()) else { break };
                    self.reduce(&mut operands, &mut operators, strength);
                    operators.push((op, strength));
                }
                Kind::condition => {
                    condition = Some(next);
                    break;
                }
                _ => break,
            }
        }
        self.reduce(&mut operands, &mut operators, 0);
        let value = operands.pop().unwrap_or_else(|| Expr::missing(node.span()));
        match condition {
            Some(condition) => self.condition(value, condition),
            None => value,
        }
    }

    /// Joins the operands of operators that bind at least as strongly.
    fn reduce(&mut self, operands: &mut Vec<Expr>, operators: &mut Vec<(Op, u8)>, strength: u8) {
        while let Some((op, _)) = operators.pop_if(|(_, s)| *s >= strength) {
            let (Some(right), Some(left)) = (operands.pop(), operands.pop()) else { return };
            let span = left.span.to(right.span);
            let joined = self.bounded(Expr::new(span, E::Binary(op, Box::new(left), Box::new(right))));
            operands.push(joined);
        }
    }

    fn condition(&mut self, value: Expr, node: Node<'_>) -> Expr {
        let condition = self.child_expr(node, Kind::plain);
        let otherwise = node.child(Kind::otherwise).map(|n| Box::new(self.child_expr(n, Kind::expr)));
        let span = value.span.to(node.span());
        Expr::new(span, E::If(Box::new(value), Box::new(condition), otherwise))
    }

    /// The child of a kind as an expression.
    pub(super) fn child_expr(&mut self, node: Node<'_>, kind: Kind) -> Expr {
        match node.child(kind) {
            Some(child) => self.expr(child),
            None => Expr::missing(node.span()),
        }
    }

    fn operand<'t>(&mut self, parts: &mut std::iter::Peekable<impl Iterator<Item = Node<'t>>>, whole: Node<'t>) -> Expr {
        let mut unary = Vec::new();
        while let Some(sign) = parts.next_if(|n| n.kind() == Kind::unary) {
            unary.push(sign);
        }
        let Some(first) = parts.next() else { return Expr::missing(whole.span()) };
        let mut value = self.primary(first);
        while let Some(post) = parts.next_if(|n| matches!(n.kind(), Kind::member | Kind::call | Kind::index | Kind::cast | Kind::relation))
        {
            value = self.postfix(value, post);
        }
        for sign in unary.into_iter().rev() {
            let span = sign.span().to(value.span);
            let inner = Box::new(value);
            value = self.bounded(Expr::new(span, if sign.text() == "!" { E::Not(inner) } else { E::Negate(inner) }));
        }
        value
    }

    fn postfix(&mut self, value: Expr, post: Node<'_>) -> Expr {
        let span = value.span.to(post.span());
        let inner = Box::new(value);
        let node = match post.kind() {
            Kind::member => match post.child(Kind::ident) {
                Some(name) => E::Member(inner, name.text().into(), name.span()),
                None => E::Missing,
            },
            Kind::call => E::Call(inner, self.arguments(post)),
            Kind::index => E::Index(inner, Box::new(self.child_expr(post, Kind::expr))),
            Kind::relation => self.relation(inner, post),
            _ => match post.child(Kind::ident) {
                Some(unit) => E::Cast(inner, unit.text().into(), unit.span()),
                None => E::Missing,
            },
        };
        self.bounded(Expr::new(span, node))
    }

    fn relation(&mut self, left: Box<Expr>, node: Node<'_>) -> E {
        let right = match node.child(Kind::related) {
            Some(related) => {
                let mut parts = related.children().peekable();
                Box::new(self.operand(&mut parts, related))
            }
            None => return E::Missing,
        };
        let word = node.text().trim_start();
        let relation = match node.child(Kind::ident) {
            Some(verb) => Relation::Can(verb.text().into(), verb.span()),
            None if word.starts_with("can") => return E::Missing,
            None if word.starts_with("wakes") => Relation::Wakes,
            None => Relation::Reaches,
        };
        E::Relation(relation, left, right)
    }

    /// The arguments of a `call` node.
    pub(super) fn arguments(&mut self, call: Node<'_>) -> Vec<Argument> {
        let mut arguments = Vec::new();
        for node in call.all(Kind::argument) {
            let label = node.child(Kind::label).and_then(|l| l.child(Kind::ident));
            let name = label.map(|n| (Name::from(n.text()), n.span()));
            arguments.push(Argument { name, value: self.child_expr(node, Kind::expr) });
        }
        arguments
    }

    fn primary(&mut self, node: Node<'_>) -> Expr {
        let span = node.span();
        let value = match node.kind() {
            Kind::literal => self.literal(node),
            Kind::string | Kind::long => return self.text(node),
            Kind::name => match node.text() {
                "true" => E::Literal(Value::Bool(true)),
                "false" => E::Literal(Value::Bool(false)),
                "none" => E::Literal(Value::None),
                name => E::Name(name.into()),
            },
            Kind::paren => return self.child_expr(node, Kind::expr),
            Kind::list => self.list(node),
            Kind::record => match node.child(Kind::block) {
                Some(block) => E::Record(self.entries(block)),
                None => E::Missing,
            },
            _ => E::Missing,
        };
        Expr::new(span, value)
    }

    fn list(&mut self, node: Node<'_>) -> E {
        let mut elements: Vec<Expr> = Vec::new();
        for child in node.children() {
            match child.kind() {
                Kind::expr => elements.push(self.expr(child)),
                Kind::comprehension => {
                    let names = self.loop_names(child);
                    let over = Box::new(self.child_expr(child, Kind::plain));
                    let filter = child.child(Kind::filter).map(|f| Box::new(self.child_expr(f, Kind::plain)));
                    let element = Box::new(elements.pop().unwrap_or_else(|| Expr::missing(child.span())));
                    return E::For { element, names, over, filter };
                }
                _ => {}
            }
        }
        E::List(elements)
    }

    /// The names that a loop declares: `x`, or `k, v`.
    pub(super) fn loop_names(&mut self, node: Node<'_>) -> Vec<Name> {
        let second = node.child(Kind::second).and_then(|s| s.child(Kind::ident));
        node.child(Kind::ident).into_iter().chain(second).map(|n| n.text().into()).collect()
    }

    /// A `string` or `long` node.
    pub(super) fn text(&mut self, node: Node<'_>) -> Expr {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut chars = String::new();
        for child in node.children() {
            match child.kind() {
                Kind::chars | Kind::long_chars if child.text() == "$${" => chars.push_str("${"),
                Kind::chars => chars.push_str(child.text()),
                Kind::long_chars => chars.push_str(&line_ends::unix(child.text())),
                Kind::escape => chars.push_str(self.escape(child)),
                Kind::interpolation => {
                    if !chars.is_empty() {
                        pieces.push(Piece::Chars(std::mem::take(&mut chars).into()));
                    }
                    pieces.push(Piece::Value(self.child_expr(child, Kind::expr)));
                }
                _ => {}
            }
        }
        if !chars.is_empty() {
            pieces.push(Piece::Chars(chars.into()));
        }
        if node.kind() == Kind::long {
            dedent(&mut pieces);
        }
        let value = match pieces.as_slice() {
            [] => E::Literal(Value::text("")),
            [Piece::Chars(text)] => E::Literal(Value::Str(text.clone())),
            _ => E::Text(pieces),
        };
        Expr::new(node.span(), value)
    }

    fn escape(&mut self, node: Node<'_>) -> &'static str {
        match node.text() {
            "\\n" => "\n",
            "\\t" => "\t",
            "\\r" => "\r",
            "\\\"" => "\"",
            "\\\\" => "\\",
            "\\$" => "$",
            "$${" => "${",
            other => {
                let message = format!("`{other}` is not an escape");
                self.report(
                    Diagnostic::error("unknown-escape", node.span(), message)
                        .help(r#"the escapes are \n, \t, \r, \", \\ and \$; a lone backslash is written \\"#),
                );
                ""
            }
        }
    }

    fn literal(&mut self, node: Node<'_>) -> E {
        match literal(node.text()) {
            Ok(value) => E::Literal(value),
            Err(Wrong::Unit(unit)) => {
                let message = format!("`{unit}` is not a unit");
                let mut finding = Diagnostic::error("unknown-unit", node.span(), message);
                finding = finding.help("durations: ms, s, m, h, d; sizes: B, KB, MB, GB, TB (1MB is 1,024KB); percentages: %");
                self.report(finding);
                E::Missing
            }
            Err(Wrong::Number) => {
                let message = format!("`{}` is not a number that fits", node.text());
                self.report(Diagnostic::error("number-out-of-range", node.span(), message));
                E::Missing
            }
        }
    }

    /// The entries of a `block` that is a record.
    pub(super) fn entries(&mut self, block: Node<'_>) -> Vec<Entry> {
        let mut entries = Vec::new();
        let before = self.open_block(block);
        for (statement, attributes, _) in self.statements(block) {
            self.attributes(&attributes, statement, FIELD);
            match statement.kind() {
                Kind::entry | Kind::keyed => entries.extend(self.entry(statement)),
                Kind::if_stmt => {
                    let (condition, then, otherwise) = self.if_parts(statement, |c, b| c.entries(b), |(c, a, b)| vec![Entry::If(c, a, b)]);
                    entries.push(Entry::If(condition, then, otherwise));
                }
                Kind::for_stmt => {
                    let names = self.loop_names(statement);
                    let over = self.loop_over(statement);
                    let inner = statement.child(Kind::block).map(|b| self.entries(b)).unwrap_or_default();
                    entries.push(Entry::For(names, over, inner));
                }
                _ => self.misplaced(statement, "a record", "fields, as `name = value`"),
            }
        }
        self.unclosed = before;
        self.given_twice(&entries);
        entries
    }

    /// Reports the fields of a record that stand in it twice: the first would be lost.
    fn given_twice(&mut self, entries: &[Entry]) {
        let mut seen: rustc_hash::FxHashMap<Name, Span> = rustc_hash::FxHashMap::default();
        for entry in entries {
            let Entry::Field { key, key_span, .. } = entry else { continue };
            if let Some(first) = seen.insert(key.clone(), *key_span) {
                let finding = Diagnostic::error("duplicate-field", *key_span, format!("`{key}` is given twice"));
                self.report(finding.also(first, "given here first"));
            }
        }
    }

    /// The parts of an `if` statement: its blocks as `read` reads them, an `if` behind `else` as `wrap` makes one of it.
    pub(super) fn if_parts<T: Default>(
        &mut self,
        node: Node<'_>,
        read: fn(&mut Self, Node<'_>) -> T,
        wrap: fn((Expr, T, T)) -> T,
    ) -> (Expr, T, T) {
        let condition = self.child_expr(node, Kind::expr);
        let then = node.child(Kind::block).map(|b| read(self, b)).unwrap_or_default();
        let otherwise = match node.child(Kind::else_clause) {
            Some(clause) => match (clause.child(Kind::block), clause.child(Kind::if_stmt)) {
                (Some(block), _) => read(self, block),
                (None, Some(inner)) => wrap(self.if_parts(inner, read, wrap)),
                (None, None) => T::default(),
            },
            None => T::default(),
        };
        (condition, then, otherwise)
    }

    /// What a `for` statement loops over.
    pub(super) fn loop_over(&mut self, node: Node<'_>) -> Expr {
        match node.child(Kind::in_clause) {
            Some(clause) => self.child_expr(clause, Kind::expr),
            None => Expr::missing(node.span()),
        }
    }

    /// A field of a record: `name = value`, `name { ... }`, `"text" = value`.
    pub(super) fn entry(&mut self, node: Node<'_>) -> Option<Entry> {
        let value = match (node.child(Kind::assign), node.child(Kind::block)) {
            (Some(assign), _) => self.child_expr(assign, Kind::expr),
            (None, Some(block)) => Expr::new(block.span(), E::Record(self.entries(block))),
            (None, None) => Expr::missing(node.span()),
        };
        if let Some(path) = node.child(Kind::path) {
            if let Some(typed) = node.child(Kind::typed) {
                // What is no type at all, as `visibility: 30s`, was said when the text was read.
                if !typed.descendants().any(|n| matches!(n.kind(), Kind::hole | Kind::junk | Kind::stray | Kind::extra)) {
                    let start = typed.span().start + typed.text().find(':').unwrap_or(0) as u32;
                    let at = Span::new(typed.span().file, start, start + 1);
                    let finding = Diagnostic::error("colon-for-equals", at, "a field is set with `=`, not with `:`");
                    self.report(finding.help(format!("write `{} = ...`", path.text())).fix("change it to `=`", at, " ="));
                }
                return None;
            }
            if node.child(Kind::named).is_some() {
                self.misplaced(node, "a record", "fields, as `name = value`");
                return None;
            }
            return Some(Entry::Field { key: path.text().into(), key_span: path.span(), value });
        }
        let string = node.child(Kind::string)?;
        let key = self.text(string);
        Some(match key.node {
            E::Literal(Value::Str(text)) => Entry::Field { key: text, key_span: string.span(), value },
            _ => Entry::Computed { key, value },
        })
    }
}

/// What is wrong with a literal.
pub(super) enum Wrong {
    Unit(String),
    Number,
}

/// The value of a literal's text.
pub(super) fn literal(text: &str) -> Result<Value, Wrong> {
    if let Some(rest) = text.strip_prefix('-') {
        return Ok(match literal(rest)? {
            Value::Int(n) => Value::Int(-n),
            Value::Float(n) => Value::Float(-n),
            Value::Quantity(n, unit) => Value::Quantity(-n, unit),
            other => other,
        });
    }
    if text.contains('/') {
        return text.parse::<ipnet::Ipv4Net>().map(|net| Value::Cidr(net.to_string().into())).map_err(|_| Wrong::Number);
    }
    if text.len() == 10 && text.contains('-') {
        return text.parse::<jiff::civil::Date>().map(|day| Value::Date(day.to_string().into())).map_err(|_| Wrong::Number);
    }
    let clean = text.replace('_', "");
    let split = clean.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(clean.len());
    let (digits, suffix) = clean.split_at(split);
    if suffix.is_empty() {
        if digits.contains('.') {
            return digits.parse().map(Value::Float).map_err(|_| Wrong::Number);
        }
        return digits.parse().map(Value::Int).map_err(|_| Wrong::Number);
    }
    let (unit, factor) = Unit::of(suffix).ok_or_else(|| Wrong::Unit(suffix.to_string()))?;
    let amount = match digits.parse::<i64>() {
        Ok(whole) => whole.checked_mul(factor),
        Err(_) => digits.parse::<f64>().ok().map(|n| n * factor as f64).filter(|n| n.fract() == 0.0 && n.abs() < 9e15).map(|n| n as i64),
    };
    amount.map(|n| Value::Quantity(n, unit)).ok_or(Wrong::Number)
}

/// Takes off the first line break of a long text and the indentation that all its lines share.
fn dedent(pieces: &mut [Piece]) {
    let mut indent = usize::MAX;
    for piece in pieces.iter() {
        if let Piece::Chars(text) = piece {
            for line in text.split('\n').skip(1).filter(|line| !line.trim().is_empty()) {
                indent = indent.min(line.len() - line.trim_start_matches(' ').len());
            }
        }
    }
    if indent == usize::MAX {
        indent = 0;
    }
    let count = pieces.len();
    for (at, piece) in pieces.iter_mut().enumerate() {
        if let Piece::Chars(text) = piece {
            let mut lines = text.split('\n');
            let mut out = lines.next().unwrap_or("").to_string();
            for line in lines {
                out.push('\n');
                let cut = indent.min(line.len() - line.trim_start_matches(' ').len());
                out.push_str(line.get(cut..).unwrap_or(""));
            }
            if at == 0 {
                out = out.trim_start_matches(' ').strip_prefix('\n').map(str::to_string).unwrap_or(out);
            }
            if at + 1 == count {
                out.truncate(out.trim_end_matches(' ').len());
            }
            *text = out.into();
        }
    }
}
