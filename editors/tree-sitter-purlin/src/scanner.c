// What a regular expression cannot tell: whether a word stands on the line of what it follows, and whether `%`
// behind a number is a percentage or the remainder of a division. Knows nothing of statements.
#include "tree_sitter/parser.h"
#include <string.h>

// The order is that of `externals` in grammar.js.
enum {
  IF, CAN, AS, WAKES, REACHES, IN, LEN, MATCHING, WHERE, OF, BY,
  PERCENT,
  // Asked for by no rule: where it is valid tree-sitter recovers from a mistake and offers everything.
  NEVER,
};

static const char *const WORDS[] = {"if", "can", "as", "wakes", "reaches", "in", "len", "matching", "where", "of", "by"};

// Words that no expression begins with, so that behind `%` they are not what a division is by.
static const char *const RESERVED[] = {"if", "else", "for", "in", "as", "when", "where", "on", "of"};

enum { LONGEST = 9 };

static bool letter(int32_t c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Reads a word of at most LONGEST letters; a longer one is none of ours.
static bool read_word(TSLexer *lexer, char word[LONGEST]) {
  unsigned length = 0;
  while (letter(lexer->lookahead)) {
    if (length + 1 == LONGEST) return false;
    word[length++] = (char)lexer->lookahead;
    lexer->advance(lexer, false);
  }
  word[length] = '\0';
  return length > 0;
}

static bool percent(TSLexer *lexer) {
  lexer->advance(lexer, false);
  lexer->mark_end(lexer);
  while (lexer->lookahead == ' ') lexer->advance(lexer, false);
  if (lexer->lookahead == '(') return false;
  if (letter(lexer->lookahead)) {
    char word[LONGEST];
    if (!read_word(lexer, word)) return false;
    bool reserved = false;
    for (unsigned i = 0; i < sizeof RESERVED / sizeof *RESERVED; i++) {
      if (strcmp(word, RESERVED[i]) == 0) reserved = true;
    }
    if (!reserved) return false;
  }
  lexer->result_symbol = PERCENT;
  return true;
}

bool tree_sitter_purlin_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  (void)payload;
  if (valid[NEVER]) return false;
  if (valid[PERCENT] && lexer->lookahead == '%') return percent(lexer);
  while (lexer->lookahead == ' ' || lexer->lookahead == '\t') lexer->advance(lexer, true);
  char word[LONGEST];
  if (!read_word(lexer, word)) return false;
  for (unsigned i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
    if (valid[i] && strcmp(word, WORDS[i]) == 0) {
      lexer->mark_end(lexer);
      lexer->result_symbol = (TSSymbol)i;
      return true;
    }
  }
  return false;
}

void *tree_sitter_purlin_external_scanner_create(void) { return NULL; }
void tree_sitter_purlin_external_scanner_destroy(void *payload) { (void)payload; }
unsigned tree_sitter_purlin_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}
void tree_sitter_purlin_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}
