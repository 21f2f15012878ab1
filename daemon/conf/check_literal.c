#include "conf/check_literal.h"

#include "base/wall.h"
#include "conf/nearest.h"
#include "conf/schema.h"
#include "core/expr_tree.h"

/* What kind of value a path has. */
enum domain {
    DOMAIN_ANY, /* not known here */
    DOMAIN_BOOLEAN,
    DOMAIN_NUMBER,
    DOMAIN_TEXT,
    DOMAIN_DATE,
    DOMAIN_WORD, /* one of the words */
    DOMAIN_WORDS /* a list of them */
};

struct subject {
    struct slice path;
    enum domain domain;
    const char **words;
    size_t word_count;
};

struct looking {
    struct arena *arena;
    const struct procedure *procedure;
    void (*fn)(void *ctx, const char *what);
    void *ctx;
};

static const char *const channels[] = {"online", "post", "direct"};
static const char *const kinds[] = {"citizen", "business", "state_agency", "organisation"};
static const char *const waivers[] = {"poor", "merit", "disabled"};
static const char *const ways[] = {"counter", "post", "electronic"};

static void words(const struct looking *l, struct subject *subject, const char *const *from,
                  size_t count)
{
    subject->domain = DOMAIN_WORD;
    subject->words = ARENA_ARRAY(l->arena, const char *, count + 1);
    subject->word_count = count;
    for (size_t i = 0; i < count; i++)
        subject->words[i] = from[i];
}

static void options(const struct looking *l, struct subject *subject, const struct field *field)
{
    subject->words = ARENA_ARRAY(l->arena, const char *, field->option_count + 1);
    subject->word_count = field->option_count;
    for (size_t i = 0; i < field->option_count; i++)
        subject->words[i] = field->options[i].value;
}

static void of_field(const struct looking *l, struct subject *subject, const struct field *field)
{
    switch (field->type) {
    case FIELD_BOOLEAN:
        subject->domain = DOMAIN_BOOLEAN;
        break;
    case FIELD_INTEGER:
    case FIELD_NUMBER:
    case FIELD_MONEY:
        subject->domain = DOMAIN_NUMBER;
        break;
    case FIELD_DATE:
        subject->domain = DOMAIN_DATE;
        break;
    case FIELD_SELECT:
        subject->domain = DOMAIN_WORD;
        options(l, subject, field);
        break;
    case FIELD_MULTI:
        subject->domain = DOMAIN_WORDS;
        options(l, subject, field);
        break;
    case FIELD_TEXT:
    case FIELD_TEXTAREA:
    case FIELD_CITIZEN_ID:
    case FIELD_PHONE:
    case FIELD_EMAIL:
    case FIELD_TAX_CODE:
    case FIELD_COMMUNE:
        subject->domain = DOMAIN_TEXT;
        break;
    }
}

static void of_cases(const struct looking *l, struct subject *subject)
{
    subject->domain = DOMAIN_WORD;
    subject->words = ARENA_ARRAY(l->arena, const char *, l->procedure->case_count + 1);
    subject->word_count = l->procedure->case_count;
    for (size_t i = 0; i < l->procedure->case_count; i++)
        subject->words[i] = l->procedure->cases[i].id;
}

static struct subject subject_of(const struct looking *l, struct slice path)
{
    struct subject subject = {.path = path};

    if (slice_is(path, "case"))
        of_cases(l, &subject);
    else if (slice_is(path, "channel"))
        words(l, &subject, channels, DVC_COUNT(channels));
    else if (slice_is(path, "applicant.kind"))
        words(l, &subject, kinds, DVC_COUNT(kinds));
    else if (slice_is(path, "applicant.waiver"))
        words(l, &subject, waivers, DVC_COUNT(waivers));
    else if (slice_is(path, "dossier.delivery.method"))
        words(l, &subject, ways, DVC_COUNT(ways));
    else if (slice_is(path, "dossier.forwarded") || slice_is(path, "fees.paid") ||
             slice_starts(path, "documents."))
        subject.domain = DOMAIN_BOOLEAN;
    else if (slice_is(path, "fees.due") || slice_is(path, "clock.used") ||
             slice_starts(path, "visits."))
        subject.domain = DOMAIN_NUMBER;
    for (size_t i = 0; slice_starts(path, "form.") && i < l->procedure->field_count; i++) {
        const struct field *field = &l->procedure->form[i];

        if (field->id != NULL && slice_is(slice_sub(path, 5, path.len), field->id))
            of_field(l, &subject, field);
    }
    return subject;
}

static bool is_word(const struct subject *subject, const struct value *value)
{
    for (size_t i = 0; value->kind == VALUE_STRING && i < subject->word_count; i++) {
        if (slice_is(value->string, subject->words[i]))
            return true;
    }
    return false;
}

/* Whether the path can have this value; null is what is missing, and anything may be. */
static bool can_be(const struct subject *subject, const struct value *value)
{
    day_t day;

    if (value_is_null(value))
        return true;
    switch (subject->domain) {
    case DOMAIN_ANY:
        return true;
    case DOMAIN_BOOLEAN:
        return value->kind == VALUE_BOOL;
    case DOMAIN_NUMBER:
        return value->kind == VALUE_INT || value->kind == VALUE_REAL;
    case DOMAIN_TEXT:
        return value->kind == VALUE_STRING;
    case DOMAIN_DATE:
        return value->kind == VALUE_STRING && day_parse(value->string, &day) == 0;
    case DOMAIN_WORD:
        return is_word(subject, value);
    case DOMAIN_WORDS:
        return false;
    }
    return true;
}

static const char *all_words(struct arena *arena, const struct subject *subject)
{
    const char *text = "";

    for (size_t i = 0; i < subject->word_count; i++)
        text = arena_printf(arena, "%s%s\"%s\"", text, i == 0 ? "" : ", ", subject->words[i]);
    return text;
}

static const char *expected(const struct looking *l, const struct subject *subject,
                            const struct value *value)
{
    const char *nearest = value->kind == VALUE_STRING
                              ? nearest_word(value->string, subject->words, subject->word_count)
                              : NULL;

    switch (subject->domain) {
    case DOMAIN_ANY:
    case DOMAIN_TEXT:
        return "cần chữ trong ngoặc kép";
    case DOMAIN_BOOLEAN:
        return "cần true hoặc false";
    case DOMAIN_NUMBER:
        return "cần một số";
    case DOMAIN_DATE:
        return "cần một ngày, ví dụ \"2026-07-01\"";
    case DOMAIN_WORD:
    case DOMAIN_WORDS:
        break;
    }
    if (nearest != NULL)
        return arena_printf(l->arena, "có phải \"%s\"?", nearest);
    if (subject->word_count == 0)
        return "thủ tục không có \"cases\"";
    return arena_printf(l->arena, "cần một trong: %s", all_words(l->arena, subject));
}

static void tell(const struct looking *l, const struct subject *subject, const struct value *value)
{
    l->fn(l->ctx,
          arena_printf(l->arena, "điều kiện so \"%.*s\" với %s, giá trị không bao giờ có; %s",
                       (int)subject->path.len, subject->path.ptr, schema_found(l->arena, value),
                       expected(l, subject, value)));
}

static void against(const struct looking *l, const struct subject *subject,
                    const struct value *value)
{
    for (size_t i = 0; value->kind == VALUE_LIST && i < value->list.count; i++)
        against(l, subject, value->list.items[i]);
    if (value->kind != VALUE_LIST && !can_be(subject, value))
        tell(l, subject, value);
}

/* `"a" in form.kinds`: the right one is a list, the left one of its words. */
static void membership(const struct looking *l, const struct expr_operand *item,
                       const struct expr_operand *list)
{
    struct subject subject = subject_of(l, list->path);

    if (subject.domain == DOMAIN_ANY)
        return;
    if (subject.domain != DOMAIN_WORDS)
        l->fn(l->ctx, arena_printf(l->arena,
                                   "điều kiện hỏi \"in %.*s\" mà đó không phải một danh sách; sau "
                                   "\"in\" cần một trường kiểu multi, hoặc [\"a\", \"b\"]",
                                   (int)list->path.len, list->path.ptr));
    else if (item->path.ptr == NULL && !value_is_null(item->literal) &&
             !is_word(&subject, item->literal))
        tell(l, &subject, item->literal);
}

static void comparison(const struct looking *l, const struct expr_operand *path,
                       const struct expr_operand *literal)
{
    struct subject subject;

    if (path->path.ptr == NULL || literal->path.ptr != NULL || literal->literal == NULL)
        return;
    subject = subject_of(l, path->path);
    if (subject.domain == DOMAIN_WORDS && !value_is_null(literal->literal))
        l->fn(l->ctx, arena_printf(l->arena,
                                   "điều kiện so cả danh sách \"%.*s\" với một giá trị, không bao "
                                   "giờ bằng; cần viết '\"giá trị\" in %.*s'",
                                   (int)path->path.len, path->path.ptr, (int)path->path.len,
                                   path->path.ptr));
    else
        against(l, &subject, literal->literal);
}

static void truth(const struct looking *l, const struct expr_operand *a)
{
    struct subject subject;

    if (a->path.ptr == NULL)
        return;
    subject = subject_of(l, a->path);
    if (subject.domain != DOMAIN_ANY && subject.domain != DOMAIN_BOOLEAN)
        l->fn(l->ctx, arena_printf(l->arena,
                                   "điều kiện dùng \"%.*s\" như có hoặc không, mà giá trị đó không "
                                   "phải true, false; cần so với một giá trị",
                                   (int)a->path.len, a->path.ptr));
}

static void walk(const struct looking *l, const struct expr_node *node)
{
    switch (node->kind) {
    case EXPR_OR:
    case EXPR_AND:
        walk(l, node->left);
        walk(l, node->right);
        break;
    case EXPR_NOT:
        walk(l, node->left);
        break;
    case EXPR_COMPARE:
        comparison(l, &node->a, &node->b);
        comparison(l, &node->b, &node->a);
        break;
    case EXPR_IN:
        if (node->b.path.ptr != NULL)
            membership(l, &node->a, &node->b);
        else
            comparison(l, &node->a, &node->b);
        break;
    case EXPR_TRUTH:
        truth(l, &node->a);
        break;
    }
}

void check_literals(struct arena *arena, const struct procedure *procedure, const struct expr *expr,
                    void (*fn)(void *ctx, const char *what), void *ctx)
{
    struct looking looking = {arena, procedure, fn, ctx};

    walk(&looking, expr->root);
}
