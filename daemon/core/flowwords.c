#include "core/flowwords.h"

#include <string.h>

#include "core/expr_tree.h"

/* What a path names, and by which words its values are called. */
struct subject {
    const struct procedure *procedure;
    struct slice path;
    const struct field *field; /* form.<field> */
};

struct word {
    const char *code, *text;
};

static const struct word fixed_paths[] = {
    {"case", "trường hợp"},
    {"channel", "cách nộp hồ sơ"},
    {"applicant.kind", "đối tượng nộp hồ sơ"},
    {"applicant.waiver", "đối tượng được miễn, giảm"},
    {"dossier.delivery.method", "cách nhận kết quả"},
    {"dossier.forwarded", "hồ sơ do cơ quan khác tiếp nhận"},
    {"fees.due", "số tiền còn phải nộp"},
    {"fees.paid", "đã nộp đủ phí, lệ phí"},
    {"clock.used", "số phần trăm thời hạn đã dùng"},
};

static const struct word delivery_words[] = {
    {"counter", "tại quầy"}, {"post", "qua bưu chính"}, {"electronic", "bản điện tử"}};
static const struct word kind_words[] = {{"citizen", "cá nhân"},
                                         {"business", "doanh nghiệp"},
                                         {"organisation", "tổ chức"},
                                         {"state_agency", "cơ quan nhà nước"}};
static const struct word waiver_words[] = {{"poor", "hộ nghèo"},
                                           {"merit", "người có công với cách mạng"},
                                           {"disabled", "người khuyết tật"}};

static const char *find_word(const struct word *words, size_t count, struct slice code)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(code, words[i].code))
            return words[i].text;
    return NULL;
}

static struct subject subject_of(const struct procedure *procedure, struct slice path)
{
    struct subject subject = {.procedure = procedure, .path = path};

    if (path.ptr == NULL || !slice_starts(path, "form."))
        return subject;
    for (size_t i = 0; i < procedure->field_count; i++)
        if (slice_is(slice_sub(path, 5, path.len), procedure->form[i].id))
            subject.field = &procedure->form[i];
    return subject;
}

/* ---- paths ---- */

static void quoted(struct buf *buf, const char *text)
{
    buf_addf(buf, "“%s”", text);
}

static const char *paper_name(const struct procedure *procedure, struct slice path)
{
    struct slice id = slice_sub(path, strlen("documents."), path.len);

    for (size_t i = 0; i < procedure->paper_count; i++) {
        struct slice name = slice_str(procedure->papers[i].id);

        if (id.len == name.len + strlen(".present") && memcmp(id.ptr, name.ptr, name.len) == 0)
            return procedure->papers[i].name;
    }
    return NULL;
}

static void name_path(struct buf *buf, const struct subject *subject)
{
    struct slice path = subject->path;
    const char *fixed = find_word(fixed_paths, DVC_COUNT(fixed_paths), path);
    int step;

    if (fixed != NULL) {
        buf_adds(buf, fixed);
        return;
    }
    if (subject->field != NULL) {
        quoted(buf, subject->field->label);
        return;
    }
    if (slice_starts(path, "documents.") && paper_name(subject->procedure, path) != NULL) {
        buf_adds(buf, "có giấy tờ ");
        quoted(buf, paper_name(subject->procedure, path));
        return;
    }
    step = slice_starts(path, "visits.")
               ? procedure_step(subject->procedure, slice_sub(path, 7, path.len))
               : -1;
    if (step >= 0) {
        buf_adds(buf, "số lần qua bước ");
        quoted(buf, subject->procedure->steps[step].name);
        return;
    }
    buf_add_slice(buf, path);
}

/* ---- values ---- */

static const char *text_value(const struct subject *subject, struct slice code)
{
    enum channel channel;
    const struct case_kind *kind;

    if (subject->field != NULL) {
        for (size_t i = 0; i < subject->field->option_count; i++)
            if (slice_is(code, subject->field->options[i].value))
                return subject->field->options[i].label;
        return NULL;
    }
    if (slice_is(subject->path, "case")) {
        kind = procedure_case(subject->procedure, code);
        return kind != NULL ? kind->name : NULL;
    }
    if (slice_is(subject->path, "channel"))
        return channel_parse(code, &channel) == 0 ? channel_name_vi(channel) : NULL;
    if (slice_is(subject->path, "dossier.delivery.method"))
        return find_word(delivery_words, DVC_COUNT(delivery_words), code);
    if (slice_is(subject->path, "applicant.kind"))
        return find_word(kind_words, DVC_COUNT(kind_words), code);
    if (slice_is(subject->path, "applicant.waiver"))
        return find_word(waiver_words, DVC_COUNT(waiver_words), code);
    return NULL;
}

static void name_value(struct buf *buf, const struct subject *subject, const struct value *literal)
{
    const char *word;

    switch (literal->kind) {
    case VALUE_NULL:
        buf_adds(buf, "chưa có");
        return;
    case VALUE_BOOL:
        buf_adds(buf, literal->boolean ? "có" : "không");
        return;
    case VALUE_STRING:
        word = text_value(subject, literal->string);
        if (word != NULL) {
            quoted(buf, word);
        } else {
            buf_adds(buf, "“");
            buf_add_slice(buf, literal->string);
            buf_adds(buf, "”");
        }
        return;
    case VALUE_LIST:
        for (size_t i = 0; i < literal->list.count; i++) {
            buf_adds(buf, i == 0 ? "" : i + 1 < literal->list.count ? ", " : " hoặc ");
            name_value(buf, subject, literal->list.items[i]);
        }
        return;
    case VALUE_INT:
    case VALUE_REAL:
    case VALUE_MAP:
        value_write(buf, literal, false);
        return;
    }
}

static void name_operand(struct buf *buf, const struct subject *subject,
                         const struct expr_operand *operand)
{
    struct subject other;

    if (operand->path.ptr == NULL) {
        name_value(buf, subject, operand->literal);
        return;
    }
    other = subject_of(subject->procedure, operand->path);
    name_path(buf, &other);
}

/* ---- conditions ---- */

static bool is_null(const struct expr_operand *operand)
{
    return operand->path.ptr == NULL && operand->literal->kind == VALUE_NULL;
}

static bool is_text(const struct expr_operand *operand)
{
    return operand->path.ptr == NULL && operand->literal->kind == VALUE_STRING;
}

static const char *op_word(enum expr_op op, bool text)
{
    switch (op) {
    case EXPR_EQ:
        return text ? " là " : " = ";
    case EXPR_NE:
        return text ? " không phải là " : " ≠ ";
    case EXPR_LT:
        return " < ";
    case EXPR_LE:
        return " ≤ ";
    case EXPR_GT:
        return " > ";
    case EXPR_GE:
        return " ≥ ";
    }
    return " ";
}

static void compare(struct buf *buf, const struct procedure *procedure,
                    const struct expr_node *node)
{
    const struct expr_operand *named = node->a.path.ptr != NULL ? &node->a : &node->b;
    struct subject subject = subject_of(procedure, named->path);

    if (named->path.ptr != NULL && (is_null(&node->a) || is_null(&node->b))) {
        name_path(buf, &subject);
        buf_adds(buf, node->op == EXPR_NE ? " đã có" : " chưa có");
        return;
    }
    name_operand(buf, &subject, &node->a);
    buf_adds(buf, op_word(node->op, is_text(&node->a) || is_text(&node->b)));
    name_operand(buf, &subject, &node->b);
}

static void contains(struct buf *buf, const struct procedure *procedure,
                     const struct expr_node *node)
{
    const struct expr_operand *named = node->a.path.ptr != NULL ? &node->a : &node->b;
    struct subject subject = subject_of(procedure, named->path);

    if (node->a.path.ptr != NULL) {
        name_path(buf, &subject);
        buf_adds(buf, " là ");
        name_operand(buf, &subject, &node->b);
        return;
    }
    name_operand(buf, &subject, &node->b);
    buf_adds(buf, " có ");
    name_operand(buf, &subject, &node->a);
}

static void truth(struct buf *buf, const struct procedure *procedure, const struct expr_node *node,
                  bool holds)
{
    struct subject subject = subject_of(procedure, node->a.path);

    if (node->a.path.ptr == NULL) {
        buf_adds(buf, node->a.literal->boolean == holds ? "luôn luôn" : "không bao giờ");
        return;
    }
    if (subject.field != NULL)
        buf_adds(buf, holds ? "có chọn " : "không chọn ");
    else if (!holds)
        buf_adds(buf, "không phải ");
    name_path(buf, &subject);
}

static void words(struct buf *buf, const struct procedure *procedure, const struct expr_node *node,
                  bool inside)
{
    bool bracket = inside && (node->kind == EXPR_OR || node->kind == EXPR_AND);

    if (bracket)
        buf_addc(buf, '(');
    switch (node->kind) {
    case EXPR_OR:
    case EXPR_AND:
        words(buf, procedure, node->left, node->left->kind != node->kind);
        buf_adds(buf, node->kind == EXPR_OR ? " hoặc " : " và ");
        words(buf, procedure, node->right, node->right->kind != node->kind);
        break;
    case EXPR_NOT:
        if (node->left->kind == EXPR_TRUTH) {
            truth(buf, procedure, node->left, false);
        } else {
            buf_adds(buf, "không phải (");
            words(buf, procedure, node->left, false);
            buf_addc(buf, ')');
        }
        break;
    case EXPR_COMPARE:
        compare(buf, procedure, node);
        break;
    case EXPR_IN:
        contains(buf, procedure, node);
        break;
    case EXPR_TRUTH:
        truth(buf, procedure, node, true);
        break;
    }
    if (bracket)
        buf_addc(buf, ')');
}

void flow_condition_vi(struct buf *buf, const struct procedure *procedure,
                       const struct expr *condition)
{
    words(buf, procedure, condition->root, false);
}

/* ---- limits ---- */

static const char *short_channel(enum channel channel)
{
    return channel == CHANNEL_POST ? "bưu chính" : channel_name_vi(channel);
}

void flow_limit_vi(struct buf *buf, const struct procedure *procedure, const struct limit *limits)
{
    static const enum channel shown[] = {CHANNEL_ONLINE, CHANNEL_POST, CHANNEL_DIRECT};
    bool said[CHANNEL_SLOTS] = {false}, one = true, some = false;
    const struct limit *any = NULL;
    size_t start = buf->len;

    for (size_t i = 0; i < DVC_COUNT(shown); i++) {
        const struct limit *limit = &limits[shown[i]];

        if (!procedure->channel_open[shown[i]])
            continue;
        one = one && (any == NULL || limit_eq(*any, *limit));
        some = some || limit->unit != LIMIT_NONE;
        any = limit;
    }
    if (!some)
        return;
    if (one) {
        limit_name_vi(buf, *any);
        return;
    }
    for (size_t i = 0; i < DVC_COUNT(shown); i++) {
        if (!procedure->channel_open[shown[i]] || said[shown[i]])
            continue;
        buf_adds(buf, buf->len > start ? "; " : "");
        buf_adds(buf, short_channel(shown[i]));
        for (size_t k = i + 1; k < DVC_COUNT(shown); k++) {
            if (!procedure->channel_open[shown[k]] || !limit_eq(limits[shown[i]], limits[shown[k]]))
                continue;
            said[shown[k]] = true;
            buf_addf(buf, ", %s", short_channel(shown[k]));
        }
        buf_adds(buf, ": ");
        limit_name_vi(buf, limits[shown[i]]);
    }
}

/* ---- who, and what ---- */

void flow_who_vi(struct buf *buf, const struct flow_node *node)
{
    const struct step *step = node->step;

    if (node->who == ROLE_NONE)
        return;
    buf_addf(buf, "%s%s", node->kind == FLOW_WAIT ? "chờ " : "", role_name_vi(node->who));
    if (step != NULL && step->wait == WAIT_LINKED)
        buf_adds(buf, step->linked_first ? " (một hồ sơ có kết quả)" : " (tất cả)");
    if (step != NULL && step->agency_role != NULL && strcmp(step->agency_role, "receiving") != 0)
        buf_adds(buf, ", cơ quan phối hợp");
}

const char *flow_action_vi(const struct flow_edge *edge)
{
    static const struct word words_of[] = {
        {"delivered", "Bưu chính đã phát"},
        {"came_back", "Bưu chính chuyển hoàn"},
        {"paid", "Đã nộp tiền"},
        {"done", "Hồ sơ liên thông đã có kết quả"},
        {"failed", "Hồ sơ liên thông không có kết quả"},
    };
    const char *found;

    if (edge->action == NULL)
        return "Hết thời gian chờ";
    if (edge->action->name != NULL)
        return edge->action->name;
    found = find_word(words_of, DVC_COUNT(words_of), slice_str(edge->action->id));
    return found != NULL ? found : edge->action->id;
}
