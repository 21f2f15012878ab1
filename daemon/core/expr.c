#include "core/expr.h"

#include "base/num.h"
#include "core/expr_tree.h"

#include <string.h>

enum token_kind {
    TOKEN_END,
    TOKEN_OR,
    TOKEN_AND,
    TOKEN_NOT,
    TOKEN_IN,
    TOKEN_OP,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_OPEN_LIST,
    TOKEN_CLOSE_LIST,
    TOKEN_COMMA,
    TOKEN_LITERAL,
    TOKEN_PATH
};

struct token {
    enum token_kind kind;
    size_t at; /* offset in the text */
    enum expr_op op;
    struct expr_operand operand;
};

struct parser {
    struct arena *arena;
    struct slice text;
    size_t at;
    struct token token; /* the one to be looked at next */
    int terms, depth;
    int error;
    struct expr_error why;
};

enum fault {
    FAULT_LONG,
    FAULT_TERMS,
    FAULT_DEPTH,
    FAULT_EMPTY,
    FAULT_CHARACTER,
    FAULT_ASSIGN,
    FAULT_SYMBOL,
    FAULT_QUOTE,
    FAULT_STRING_OPEN,
    FAULT_ESCAPE,
    FAULT_NUMBER,
    FAULT_PATH,
    FAULT_OPERAND,
    FAULT_CONSTANT,
    FAULT_CLOSE,
    FAULT_LIST,
    FAULT_LIST_ITEM,
    FAULT_ORDER_NULL,
    FAULT_REST
};

static const char *const fault_texts[] = {
    [FAULT_LONG] = "điều kiện quá dài, tối đa 1.000 byte",
    [FAULT_TERMS] = "điều kiện có quá nhiều vế, tối đa 64",
    [FAULT_DEPTH] = "điều kiện lồng quá sâu, tối đa 16 lớp",
    [FAULT_EMPTY] = "điều kiện trống",
    [FAULT_CHARACTER] = "ký tự không dùng được trong điều kiện",
    [FAULT_ASSIGN] = "so sánh bằng viết là ==",
    [FAULT_SYMBOL] = "dùng các từ and, or, not thay cho &&, ||, !",
    [FAULT_QUOTE] = "chuỗi phải đặt trong dấu nháy kép",
    [FAULT_STRING_OPEN] = "chuỗi thiếu dấu nháy kép đóng",
    [FAULT_ESCAPE] = "sau dấu \\ trong chuỗi chỉ được là \" hoặc \\",
    [FAULT_NUMBER] = "số không hợp lệ",
    [FAULT_PATH] = "đường dẫn không hợp lệ, cần dạng như form.ten_truong",
    [FAULT_OPERAND] = "cần một giá trị hoặc một đường dẫn như form.ten_truong",
    [FAULT_CONSTANT] = "một giá trị đứng riêng không phải là điều kiện, cần một phép so sánh",
    [FAULT_CLOSE] = "thiếu dấu đóng ngoặc )",
    [FAULT_LIST] = "sau in cần một danh sách như [\"a\", \"b\"] hoặc một đường dẫn",
    [FAULT_LIST_ITEM] = "danh sách chỉ gồm các chuỗi, số, true, false, cách nhau bằng dấu phẩy",
    [FAULT_ORDER_NULL] = "null chỉ so sánh được bằng == hoặc !=",
    [FAULT_REST] = "phần thừa sau điều kiện, cần and, or hoặc kết thúc",
};

/* Keeps the first fault only: what follows one is mostly its echo. */
static void fail(struct parser *parser, enum fault fault, size_t at)
{
    if (parser->error != 0)
        return;
    parser->error = fault <= FAULT_DEPTH ? EXPR_E_LIMIT : EXPR_E_SYNTAX;
    parser->why = (struct expr_error){(int)at + 1, fault_texts[fault]};
    parser->token.kind = TOKEN_END;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name(char c)
{
    return is_name_start(c) || is_digit(c);
}

static char peek(const struct parser *parser, size_t ahead)
{
    return parser->at + ahead < parser->text.len ? parser->text.ptr[parser->at + ahead] : '\0';
}

static void take(struct parser *parser, enum token_kind kind, size_t len)
{
    parser->token.kind = kind;
    parser->at += len;
}

static void take_op(struct parser *parser, enum expr_op op, size_t len)
{
    parser->token.op = op;
    take(parser, TOKEN_OP, len);
}

static void scan_string(struct parser *parser)
{
    size_t start = parser->at;
    char *copy = arena_alloc(parser->arena, parser->text.len - start + 1);
    struct value *value;
    size_t len = 0;

    for (parser->at++; parser->at < parser->text.len; parser->at++) {
        char c = parser->text.ptr[parser->at];

        if (c == '"')
            break;
        if (c == '\\') {
            parser->at++;
            c = peek(parser, 0);
            if (c != '"' && c != '\\') {
                fail(parser, FAULT_ESCAPE, parser->at);
                return;
            }
        }
        copy[len++] = c;
    }
    if (parser->at >= parser->text.len) {
        fail(parser, FAULT_STRING_OPEN, start);
        return;
    }
    value = value_new(parser->arena, VALUE_STRING);
    value->quoted = true;
    value->string = (struct slice){copy, len};
    parser->token.operand.literal = value;
    take(parser, TOKEN_LITERAL, 1);
}

static void scan_number(struct parser *parser)
{
    struct value *value = value_new(parser->arena, VALUE_INT);
    size_t len = 1;
    struct slice text;
    double real;
    int64_t integer;

    while (is_name(peek(parser, len)) || peek(parser, len) == '.')
        len++;
    text = slice_sub(parser->text, parser->at, len);
    if (num_parse_i64(text, INT64_MIN, INT64_MAX, &integer) == 0) {
        value->integer = integer;
    } else if (slice_find(text, '.', 0) >= 0 && num_parse_double(text, -1e15, 1e15, &real) == 0) {
        value->kind = VALUE_REAL;
        value->real = real;
    } else {
        fail(parser, FAULT_NUMBER, parser->at);
        return;
    }
    parser->token.operand.literal = value;
    take(parser, TOKEN_LITERAL, len);
}

static bool path_sound(struct slice path)
{
    struct slice part;

    while (slice_next(&path, '.', &part)) {
        if (part.len == 0 || !is_name_start(part.ptr[0]))
            return false;
    }
    return true;
}

static void scan_word(struct parser *parser)
{
    static const struct {
        const char *word;
        enum token_kind kind;
    } words[] = {{"or", TOKEN_OR}, {"and", TOKEN_AND}, {"not", TOKEN_NOT}, {"in", TOKEN_IN}};
    size_t len = 1;
    struct slice text;

    while (is_name(peek(parser, len)) || peek(parser, len) == '.')
        len++;
    text = slice_sub(parser->text, parser->at, len);
    for (size_t i = 0; i < DVC_COUNT(words); i++) {
        if (slice_is(text, words[i].word)) {
            take(parser, words[i].kind, len);
            return;
        }
    }
    if (slice_is(text, "null"))
        parser->token.operand.literal = value_new(parser->arena, VALUE_NULL);
    else if (slice_is(text, "true") || slice_is(text, "false"))
        parser->token.operand.literal = value_bool(parser->arena, slice_is(text, "true"));
    if (parser->token.operand.literal != NULL) {
        take(parser, TOKEN_LITERAL, len);
    } else if (path_sound(text)) {
        parser->token.operand.path = text;
        take(parser, TOKEN_PATH, len);
    } else {
        fail(parser, FAULT_PATH, parser->at);
    }
}

static void scan_symbol(struct parser *parser)
{
    bool equal_next = peek(parser, 1) == '=';

    switch (peek(parser, 0)) {
    case '(':
        take(parser, TOKEN_OPEN, 1);
        break;
    case ')':
        take(parser, TOKEN_CLOSE, 1);
        break;
    case '[':
        take(parser, TOKEN_OPEN_LIST, 1);
        break;
    case ']':
        take(parser, TOKEN_CLOSE_LIST, 1);
        break;
    case ',':
        take(parser, TOKEN_COMMA, 1);
        break;
    case '<':
        take_op(parser, equal_next ? EXPR_LE : EXPR_LT, equal_next ? 2 : 1);
        break;
    case '>':
        take_op(parser, equal_next ? EXPR_GE : EXPR_GT, equal_next ? 2 : 1);
        break;
    case '=':
        if (equal_next)
            take_op(parser, EXPR_EQ, 2);
        else
            fail(parser, FAULT_ASSIGN, parser->at);
        break;
    case '!':
        if (equal_next)
            take_op(parser, EXPR_NE, 2);
        else
            fail(parser, FAULT_SYMBOL, parser->at);
        break;
    case '&':
    case '|':
        fail(parser, FAULT_SYMBOL, parser->at);
        break;
    case '\'':
        fail(parser, FAULT_QUOTE, parser->at);
        break;
    default:
        fail(parser, FAULT_CHARACTER, parser->at);
        break;
    }
}

static void next(struct parser *parser)
{
    char c;

    if (parser->error != 0)
        return;
    while (is_blank(peek(parser, 0)))
        parser->at++;
    parser->token = (struct token){.kind = TOKEN_END, .at = parser->at};
    if (parser->at >= parser->text.len)
        return;
    c = peek(parser, 0);
    if (c == '"')
        scan_string(parser);
    else if (is_digit(c) || (c == '-' && is_digit(peek(parser, 1))))
        scan_number(parser);
    else if (is_name_start(c))
        scan_word(parser);
    else
        scan_symbol(parser);
}

static struct expr_node *node_new(struct parser *parser, enum expr_kind kind)
{
    struct expr_node *node = ARENA_NEW(parser->arena, struct expr_node);

    node->kind = kind;
    return node;
}

/* The operand at hand, and moves on. */
static struct expr_operand parse_operand(struct parser *parser)
{
    struct expr_operand operand = parser->token.operand;

    if (parser->token.kind != TOKEN_LITERAL && parser->token.kind != TOKEN_PATH)
        fail(parser, FAULT_OPERAND, parser->token.at);
    else
        next(parser);
    return operand;
}

static struct expr_operand parse_list(struct parser *parser)
{
    struct value *list = value_new(parser->arena, VALUE_LIST);
    bool more = true;

    next(parser);
    while (more && parser->error == 0) {
        if (parser->token.kind != TOKEN_LITERAL ||
            parser->token.operand.literal->kind == VALUE_NULL) {
            fail(parser, FAULT_LIST_ITEM, parser->token.at);
            break;
        }
        value_append(parser->arena, list, parser->token.operand.literal);
        next(parser);
        more = parser->token.kind == TOKEN_COMMA;
        if (more)
            next(parser);
    }
    if (parser->error == 0 && parser->token.kind != TOKEN_CLOSE_LIST)
        fail(parser, FAULT_LIST_ITEM, parser->token.at);
    next(parser);
    return (struct expr_operand){.literal = list};
}

static bool is_null_literal(struct expr_operand operand)
{
    return operand.literal != NULL && operand.literal->kind == VALUE_NULL;
}

static void parse_right_side(struct parser *parser, struct expr_node *node)
{
    struct token op = parser->token;

    next(parser);
    if (op.kind == TOKEN_IN) {
        node->kind = EXPR_IN;
        if (parser->token.kind == TOKEN_OPEN_LIST)
            node->b = parse_list(parser);
        else if (parser->token.kind == TOKEN_PATH)
            node->b = parse_operand(parser);
        else
            fail(parser, FAULT_LIST, parser->token.at);
        return;
    }
    node->kind = EXPR_COMPARE;
    node->op = op.op;
    node->b = parse_operand(parser);
    if (op.op != EXPR_EQ && op.op != EXPR_NE &&
        (is_null_literal(node->a) || is_null_literal(node->b)))
        fail(parser, FAULT_ORDER_NULL, op.at);
}

static struct expr_node *parse_term(struct parser *parser)
{
    struct expr_node *node = node_new(parser, EXPR_TRUTH);
    size_t at = parser->token.at;

    if (++parser->terms > EXPR_TERMS_MAX)
        fail(parser, FAULT_TERMS, at);
    node->a = parse_operand(parser);
    if (parser->error != 0)
        return node;
    if (parser->token.kind == TOKEN_OP || parser->token.kind == TOKEN_IN)
        parse_right_side(parser, node);
    else if (node->a.literal != NULL && node->a.literal->kind != VALUE_BOOL)
        fail(parser, FAULT_CONSTANT, at);
    return node;
}

static struct expr_node *parse_or(struct parser *parser);

static struct expr_node *parse_not(struct parser *parser)
{
    struct expr_node *node;
    enum token_kind kind = parser->token.kind;

    if (kind != TOKEN_NOT && kind != TOKEN_OPEN)
        return parse_term(parser);
    if (++parser->depth > EXPR_DEPTH_MAX)
        fail(parser, FAULT_DEPTH, parser->token.at);
    if (parser->error != 0)
        return NULL;
    next(parser);
    if (kind == TOKEN_NOT) {
        node = node_new(parser, EXPR_NOT);
        node->left = parse_not(parser);
    } else {
        node = parse_or(parser);
        if (parser->error == 0 && parser->token.kind != TOKEN_CLOSE)
            fail(parser, FAULT_CLOSE, parser->token.at);
        next(parser);
    }
    parser->depth--;
    return node;
}

static struct expr_node *parse_chain(struct parser *parser, enum token_kind word,
                                     enum expr_kind kind,
                                     struct expr_node *(*part)(struct parser *))
{
    struct expr_node *left = part(parser);

    while (parser->error == 0 && parser->token.kind == word) {
        struct expr_node *node = node_new(parser, kind);

        next(parser);
        node->left = left;
        node->right = part(parser);
        left = node;
    }
    return left;
}

static struct expr_node *parse_and(struct parser *parser)
{
    return parse_chain(parser, TOKEN_AND, EXPR_AND, parse_not);
}

static struct expr_node *parse_or(struct parser *parser)
{
    return parse_chain(parser, TOKEN_OR, EXPR_OR, parse_and);
}

int expr_parse(struct arena *arena, struct slice text, struct expr **ret,
               struct expr_error *ret_error)
{
    struct parser parser = {.arena = arena};
    const struct expr_node *root = NULL;
    struct expr *expr;

    if (text.len > EXPR_TEXT_MAX) {
        fail(&parser, FAULT_LONG, EXPR_TEXT_MAX);
    } else {
        parser.text = arena_slice(arena, text);
        next(&parser);
        if (parser.error == 0 && parser.token.kind == TOKEN_END)
            fail(&parser, FAULT_EMPTY, 0);
        else
            root = parse_or(&parser);
        if (parser.error == 0 && parser.token.kind != TOKEN_END)
            fail(&parser, FAULT_REST, parser.token.at);
    }
    if (parser.error != 0) {
        *ret_error = parser.why;
        return parser.error;
    }
    expr = ARENA_NEW(arena, struct expr);
    expr->text = parser.text;
    expr->root = root;
    *ret = expr;
    return 0;
}
