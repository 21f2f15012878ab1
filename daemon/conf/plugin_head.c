#include "conf/plugin_head.h"

#include <string.h>

#include "conf/plugin_flow.h"
#include "conf/plugin_form.h"

#define LANGUAGE_VERSION 1

struct raw_head {
    int dvc, version;
    const char *procedure, *name, *field, *decision, *competent;
    struct schema_texts legal_basis, subjects;
    const struct value *effective, *clock, *channels, *postal, *supplement, *screening;
    const struct value *cases, *fees, *results, *warn;
    struct plugin_parts parts;
    int level, authority;
    bool presence_required, authorisation_allowed, on_the_spot;
};

static const struct schema_word level_words[] = {
    {"full", LEVEL_FULL}, {"partial", LEVEL_PARTIAL}, {"info", LEVEL_INFO}, {NULL, 0}};
static const struct schema_word authority_words[] = {{"province", AUTHORITY_PROVINCE},
                                                     {"department", AUTHORITY_DEPARTMENT},
                                                     {"commune", AUTHORITY_COMMUNE},
                                                     {NULL, 0}};
static const struct schema_word kind_words[] = {
    {"le_phi", FEE_LE_PHI}, {"phi", FEE_PHI}, {NULL, 0}};
static const struct schema_word pay_words[] = {{"at_submit", FEE_AT_SUBMIT},
                                               {"before_accept", FEE_BEFORE_ACCEPT},
                                               {"before_result", FEE_BEFORE_RESULT},
                                               {NULL, 0}};
static const struct schema_word starts_words[] = {
    {"accept", CLOCK_STARTS_ACCEPT}, {"submit", CLOCK_STARTS_SUBMIT}, {NULL, 0}};
static const struct schema_word due_words[] = {
    {"end_of_day", DUE_END_OF_DAY}, {"same_time", DUE_SAME_TIME}, {NULL, 0}};
static const struct schema_word then_words[] = {
    {"restart", AFTER_SUPPLEMENT_RESTART}, {"resume", AFTER_SUPPLEMENT_RESUME}, {NULL, 0}};

const struct schema_shape plugin_code_shape = {
    .name = "code", .kind = SHAPE_TEXT, .pattern = "^[0-9][.][0-9]{6}$"};

bool plugin_code_ok(struct slice code)
{
    for (size_t i = 0; i < code.len; i++) {
        if (i == 1 ? code.ptr[i] != '.' : code.ptr[i] < '0' || code.ptr[i] > '9')
            return false;
    }
    return code.len == 8;
}

static const struct schema_key effective_keys[] = {
    {"from", SCHEMA_DAY, true, offsetof(struct procedure, effective_from)},
    {"to", SCHEMA_DAY, false, offsetof(struct procedure, effective_to)},
};
static const struct schema_shape effective_shape = {SHAPE_OF_KEYS("effective", effective_keys)};

static void read_effective(struct plugin_reader *reader, const struct value *map)
{
    struct procedure *procedure = reader->procedure;

    if (map == NULL || !SCHEMA_READ(&reader->schema, map, "hiệu lực", effective_keys, procedure))
        return;
    if (!day_is_none(procedure->effective_to) &&
        procedure->effective_to.n < procedure->effective_from.n)
        schema_fault_key(&reader->schema, map, "to",
                         "hiệu lực: \"to\" trước \"from\", cần cùng ngày hoặc sau [K023]");
}

struct raw_clock {
    int starts, due_time, after_supplement, cut_off;
};

static const struct schema_key clock_keys[] = {
    {"starts", SCHEMA_WORD, false, offsetof(struct raw_clock, starts), .words = starts_words},
    {"due_time", SCHEMA_WORD, false, offsetof(struct raw_clock, due_time), .words = due_words},
    {"cut_off", SCHEMA_MINUTE, false, offsetof(struct raw_clock, cut_off)},
};
static const struct schema_shape clock_shape = {SHAPE_OF_KEYS("clock", clock_keys)};

static void read_clock(struct plugin_reader *reader, const struct value *map)
{
    struct raw_clock raw = {CLOCK_STARTS_ACCEPT, DUE_END_OF_DAY, AFTER_SUPPLEMENT_RESTART,
                            CLOCK_CUTOFF_MINUTE};

    if (map != NULL)
        SCHEMA_READ(&reader->schema, map, "\"clock\"", clock_keys, &raw);
    reader->procedure->clock.starts = (enum clock_starts)raw.starts;
    reader->procedure->clock.due_time = (enum due_time)raw.due_time;
    reader->procedure->clock.after_supplement = (enum after_supplement)raw.after_supplement;
    reader->procedure->clock.cutoff_minute = raw.cut_off;
}

static const struct schema_key channel_keys[] = {{"limit", SCHEMA_LIMIT, true, 0}};
static const struct schema_shape channel_shape = {SHAPE_OF_KEYS("channel", channel_keys)};
static const struct schema_shape channels_shape = {
    .kind = SHAPE_MAP, .word = plugin_channel_word, .item = &channel_shape, .min = 1};

static void read_channel(struct plugin_reader *reader, const struct value_member *member)
{
    struct limit limit = LIMIT_INIT_NONE;
    enum channel channel;

    if (channel_parse(member->key, &channel) != 0) {
        reader->schema.faults++;
        conf_error(reader->schema.errors, reader->schema.file, member->line, member->column,
                   "\"channels\": không có kênh \"%s\", cần một trong: online, post, direct [K020]",
                   member->key.ptr);
        return;
    }
    if (SCHEMA_READ(&reader->schema, member->value,
                    arena_printf(reader->schema.arena, "kênh \"%s\"", member->key.ptr),
                    channel_keys, &limit)) {
        reader->procedure->channel_open[channel] = true;
        reader->procedure->limit[channel] = limit;
    }
}

static void read_channels(struct plugin_reader *reader, const struct value *map)
{
    if (map == NULL)
        return;
    if (map->map.count == 0)
        schema_fault(&reader->schema, map, "\"channels\": cần ít nhất một kênh tiếp nhận [K021]");
    for (size_t i = 0; i < map->map.count; i++)
        read_channel(reader, &map->map.members[i]);
}

static const struct schema_key postal_keys[] = {
    {"collect", SCHEMA_BOOL, true, offsetof(struct procedure, postal_collect)},
    {"return", SCHEMA_BOOL, true, offsetof(struct procedure, postal_return)},
    {"decision", SCHEMA_TEXT, false, offsetof(struct procedure, postal_decision), 3, 200},
};
static const struct schema_shape postal_shape = {SHAPE_OF_KEYS("postal", postal_keys)};

static void read_postal(struct plugin_reader *reader, const struct value *map)
{
    if (map != NULL)
        SCHEMA_READ(&reader->schema, map, "\"postal\"", postal_keys, reader->procedure);
}

struct raw_supplement {
    int max, then;
    struct limit within, closes_after;
    const char *basis;
    const struct value *limit_after;
};

#define AT(field) offsetof(struct raw_supplement, field)
static const struct schema_key stage_keys[] = {
    {"max", SCHEMA_INT32, true, AT(max), 1, 10},
    {"within", SCHEMA_LIMIT, false, AT(within)},
    {"then", SCHEMA_WORD, false, AT(then), .words = then_words},
    {"closes_after", SCHEMA_LIMIT, false, AT(closes_after)},
    {"basis", SCHEMA_TEXT, false, AT(basis), 3, 300},
    {"limit_after", SCHEMA_ANY, false, AT(limit_after), .shape = &plugin_limits_shape},
};
#undef AT
static const struct schema_shape stage_shape = {SHAPE_OF_KEYS("stage", stage_keys)};

static void read_stage(struct plugin_reader *reader, const struct value *map, const char *what,
                       struct supplement_rule *rule)
{
    struct raw_supplement raw = {
        0, AFTER_SUPPLEMENT_RESTART, LIMIT_INIT_NONE, LIMIT_INIT_NONE, NULL, NULL};

    if (map == NULL || !SCHEMA_READ(&reader->schema, map, what, stage_keys, &raw))
        return;
    *rule = (struct supplement_rule){.max = raw.max,
                                     .within = raw.within,
                                     .resume = raw.then == AFTER_SUPPLEMENT_RESUME,
                                     .closes_after = raw.closes_after,
                                     .has_limit_after = raw.limit_after != NULL};
    for (int channel = 0; channel < CHANNEL_SLOTS; channel++)
        rule->limit_after[channel] = LIMIT_UNSET;
    plugin_limits(reader, raw.limit_after, "limit_after", rule->limit_after);
}

struct raw_stages {
    const struct value *intake, *appraisal;
};

#define AT(field) offsetof(struct raw_stages, field)
static const struct schema_key supplement_keys[] = {
    {"intake", SCHEMA_MAP, false, AT(intake), .shape = &stage_shape},
    {"appraisal", SCHEMA_MAP, false, AT(appraisal), .shape = &stage_shape},
};
#undef AT
static const struct schema_shape supplement_shape = {SHAPE_OF_KEYS("supplement", supplement_keys)};

static void read_supplement(struct plugin_reader *reader, const struct value *map)
{
    struct raw_stages raw = {NULL, NULL};

    if (map == NULL || !SCHEMA_READ(&reader->schema, map, "\"supplement\"", supplement_keys, &raw))
        return;
    read_stage(reader, raw.intake, "bổ sung khi tiếp nhận", &reader->procedure->intake);
    read_stage(reader, raw.appraisal, "bổ sung khi thẩm định", &reader->procedure->appraisal);
    if (reader->procedure->appraisal.resume)
        reader->procedure->clock.after_supplement = AFTER_SUPPLEMENT_RESUME;
}

static const struct schema_key screening_keys[] = {
    {"question", SCHEMA_TEXT, true, offsetof(struct procedure, screening_question), 3, 500},
    {"stop_when", SCHEMA_TEXT, true, offsetof(struct procedure, screening_stop_when), 1, 100},
    {"tell", SCHEMA_TEXT, true, offsetof(struct procedure, screening_tell), 3, 1000},
};
static const struct schema_shape screening_shape = {SHAPE_OF_KEYS("screening", screening_keys)};

static void read_screening(struct plugin_reader *reader, const struct value *map)
{
    if (map != NULL)
        SCHEMA_READ(&reader->schema, map, "câu hỏi sàng lọc", screening_keys, reader->procedure);
}

struct raw_case {
    const char *id, *name;
    const struct value *limit;
};

#define AT(field) offsetof(struct raw_case, field)
static const struct schema_key case_keys[] = {
    {"id", SCHEMA_ID, true, AT(id)},
    {"name", SCHEMA_TEXT, true, AT(name), 2, 500},
    {"limit", SCHEMA_ANY, false, AT(limit), .shape = &plugin_limits_shape},
};
#undef AT
static const struct schema_shape case_shape = {SHAPE_OF_KEYS("case", case_keys)};
static const struct schema_shape cases_shape = {.kind = SHAPE_LIST, .item = &case_shape};

static void read_case(struct plugin_reader *reader, const struct value *value,
                      struct case_kind *kind)
{
    struct raw_case raw = {NULL, NULL, NULL};

    SCHEMA_READ(&reader->schema, value, "trường hợp", case_keys, &raw);
    kind->id = raw.id;
    kind->name = raw.name;
    kind->has_limit = raw.limit != NULL;
    for (int channel = 0; channel < CHANNEL_SLOTS; channel++)
        kind->limit[channel] = LIMIT_UNSET;
    plugin_limits(reader, raw.limit, "limit", kind->limit);
}

static void read_cases(struct plugin_reader *reader, const struct value *list)
{
    struct procedure *procedure = reader->procedure;
    size_t count = value_count(list);

    procedure->cases = ARENA_ARRAY(reader->schema.arena, struct case_kind, count + 1);
    for (size_t i = 0; i < count; i++) {
        read_case(reader, value_at(list, i), &procedure->cases[i]);
        plugin_unique(reader, value_at(list, i), "trường hợp", procedure->cases[i].id,
                      &procedure->cases[0].id, sizeof(procedure->cases[0]), i);
    }
    procedure->case_count = count;
}

/* `over: {count: 2, amount: 1000}`: so much each beyond the second. */
static const struct schema_key over_keys[] = {
    {"count", SCHEMA_INT32, true, offsetof(struct fee, over), 1, 1000},
    {"amount", SCHEMA_INT, true, offsetof(struct fee, over_amount), 0, INT64_C(100000000000)},
};
static const struct schema_shape over_shape = {SHAPE_OF_KEYS("over", over_keys)};

static void read_over(struct plugin_reader *reader, const struct value *map, struct fee *fee)
{
    SCHEMA_READ(&reader->schema, map, "\"over\"", over_keys, fee);
}

struct raw_fee {
    const char *id, *name, *case_id, *per, *times;
    int kind, pay;
    int64_t most;
    const struct value *amount, *over;
    struct expr *waive_if, *when;
};

#define AT(field) offsetof(struct raw_fee, field)
static const struct schema_key fee_keys[] = {
    {"id", SCHEMA_ID, true, AT(id)},
    {"name", SCHEMA_TEXT, true, AT(name), 2, 300},
    {"kind", SCHEMA_WORD, true, AT(kind), .words = kind_words},
    {"amount", SCHEMA_ANY, true, AT(amount), .shape = &plugin_amounts_shape},
    {"per", SCHEMA_ID, false, AT(per)},
    {"over", SCHEMA_MAP, false, AT(over), .shape = &over_shape},
    {"most", SCHEMA_INT, false, AT(most), 1, INT64_C(100000000000)},
    {"times", SCHEMA_ID, false, AT(times)},
    {"case", SCHEMA_ID, false, AT(case_id)},
    {"pay", SCHEMA_WORD, true, AT(pay), .words = pay_words},
    {"waive_if", SCHEMA_EXPR, false, AT(waive_if)},
    {"when", SCHEMA_EXPR, false, AT(when)},
};
#undef AT
static const struct schema_shape fee_shape = {SHAPE_OF_KEYS("fee", fee_keys)};
static const struct schema_shape fees_shape = {.kind = SHAPE_LIST, .item = &fee_shape};

static void read_fee(struct plugin_reader *reader, const struct value *value, struct fee *fee)
{
    struct raw_fee raw = {.kind = FEE_LE_PHI, .pay = FEE_BEFORE_RESULT};

    SCHEMA_READ(&reader->schema, value, "khoản thu", fee_keys, &raw);
    *fee = (struct fee){.id = raw.id,
                        .name = raw.name,
                        .kind = (enum fee_kind)raw.kind,
                        .per = raw.per,
                        .most = raw.most,
                        .times = raw.times,
                        .case_id = raw.case_id,
                        .pay = (enum fee_pay)raw.pay,
                        .waive_if = raw.waive_if,
                        .when = raw.when};
    if (raw.amount != NULL)
        plugin_amounts(reader, raw.amount, "amount", fee->amount);
    if (raw.over != NULL)
        read_over(reader, raw.over, fee);
}

static void read_fees(struct plugin_reader *reader, const struct value *list)
{
    struct procedure *procedure = reader->procedure;
    size_t count = value_count(list);

    procedure->fees = ARENA_ARRAY(reader->schema.arena, struct fee, count + 1);
    for (size_t i = 0; i < count; i++) {
        read_fee(reader, value_at(list, i), &procedure->fees[i]);
        plugin_unique(reader, value_at(list, i), "khoản thu", procedure->fees[i].id,
                      &procedure->fees[0].id, sizeof(procedure->fees[0]), i);
    }
    procedure->fee_count = count;
}

static const struct schema_key result_keys[] = {
    {"code", SCHEMA_CODE, true, offsetof(struct result_kind, code), 3, 40},
    {"name", SCHEMA_TEXT, true, offsetof(struct result_kind, name), 2, 300},
    {"electronic", SCHEMA_BOOL, false, offsetof(struct result_kind, electronic)},
};
static const struct schema_shape result_shape = {SHAPE_OF_KEYS("result", result_keys)};
static const struct schema_shape results_shape = {
    .kind = SHAPE_LIST, .item = &result_shape, .min = 1};

static void read_results(struct plugin_reader *reader, const struct value *list)
{
    struct procedure *procedure = reader->procedure;
    size_t count = value_count(list);

    procedure->results = ARENA_ARRAY(reader->schema.arena, struct result_kind, count + 1);
    for (size_t i = 0; i < count; i++) {
        SCHEMA_READ(&reader->schema, value_at(list, i), "kết quả", result_keys,
                    &procedure->results[i]);
        plugin_unique(reader, value_at(list, i), "kết quả", procedure->results[i].code,
                      &procedure->results[0].code, sizeof(procedure->results[0]), i);
    }
    procedure->result_count = count;
    if (list != NULL && count == 0)
        schema_fault(&reader->schema, list, "\"results\": cần ít nhất một kết quả [K021]");
}

static const char *subject_word(int index)
{
    static const char *const words[] = {"citizen", "business", "organisation", NULL};

    return words[index];
}

static const struct schema_shape subject_shape = {.kind = SHAPE_WORDS, .word = subject_word};
static const struct schema_shape subject_list = {.kind = SHAPE_LIST, .item = &subject_shape};
static const struct schema_shape *const subject_either[] = {&subject_list, &subject_shape, NULL};
static const struct schema_shape subjects_shape = {.kind = SHAPE_EITHER, .either = subject_either};

static void read_subjects(struct plugin_reader *reader, const struct value *tree,
                          struct schema_texts subjects)
{
    bool *const has[] = {&reader->procedure->for_citizen, &reader->procedure->for_business,
                         &reader->procedure->for_organisation};

    for (size_t i = 0; i < subjects.count; i++) {
        size_t kind = 0;

        while (kind < DVC_COUNT(has) && strcmp(subjects.items[i], subject_word((int)kind)) != 0)
            kind++;
        if (kind < DVC_COUNT(has))
            *has[kind] = true;
        else
            schema_fault_key(&reader->schema, tree, "subjects",
                             "\"subjects\": không có đối tượng \"%s\", cần một trong: citizen, "
                             "business, organisation [K024]",
                             subjects.items[i]);
    }
}

#define AT(field) offsetof(struct raw_head, field)
static const struct schema_key head_keys[] = {
    {"dvc", SCHEMA_INT32, true, AT(dvc), LANGUAGE_VERSION, LANGUAGE_VERSION},
    {"procedure", SCHEMA_CODE, true, AT(procedure), 8, 8, .shape = &plugin_code_shape},
    {"version", SCHEMA_INT32, true, AT(version), 1, 100000},
    {"name", SCHEMA_TEXT, true, AT(name), 3, 500},
    {"field", SCHEMA_TEXT, true, AT(field), 2, 200},
    {"decision", SCHEMA_TEXT, true, AT(decision), 3, 200},
    {"legal_basis", SCHEMA_TEXTS, false, AT(legal_basis), 1, 500},
    {"effective", SCHEMA_MAP, true, AT(effective), .shape = &effective_shape},
    {"level", SCHEMA_WORD, true, AT(level), .words = level_words},
    {"authority", SCHEMA_WORD, true, AT(authority), .words = authority_words},
    {"competent", SCHEMA_ID, false, AT(competent)},
    {"subjects", SCHEMA_TEXTS, true, AT(subjects), 1, 40, .shape = &subjects_shape},
    {"presence_required", SCHEMA_BOOL, false, AT(presence_required)},
    {"authorisation_allowed", SCHEMA_BOOL, false, AT(authorisation_allowed)},
    {"on_the_spot", SCHEMA_BOOL, false, AT(on_the_spot)},
    {"clock", SCHEMA_MAP, false, AT(clock), .shape = &clock_shape},
    {"channels", SCHEMA_MAP, true, AT(channels), .shape = &channels_shape},
    {"postal", SCHEMA_MAP, false, AT(postal), .shape = &postal_shape},
    {"supplement", SCHEMA_MAP, false, AT(supplement), .shape = &supplement_shape},
    {"screening", SCHEMA_MAP, false, AT(screening), .shape = &screening_shape},
    {"cases", SCHEMA_LIST, false, AT(cases), .shape = &cases_shape},
    {"fees", SCHEMA_LIST, false, AT(fees), .shape = &fees_shape},
    {"form", SCHEMA_LIST, false, AT(parts.form), .shape = &plugin_form_shape},
    {"documents", SCHEMA_LIST, false, AT(parts.documents), .shape = &plugin_papers_shape},
    {"results", SCHEMA_LIST, true, AT(results), .shape = &results_shape},
    {"warn", SCHEMA_LIST, false, AT(warn), .shape = &plugin_rungs_shape},
    {"workflow", SCHEMA_MAP, true, AT(parts.workflow), .shape = &plugin_workflow_shape},
};
#undef AT
const struct schema_shape plugin_shape = {SHAPE_OF_KEYS("procedure", head_keys)};

void plugin_read_head(struct plugin_reader *reader, const struct value *tree,
                      struct plugin_parts *ret)
{
    struct procedure *procedure = reader->procedure;
    struct raw_head raw = {.authorisation_allowed = true};

    SCHEMA_READ(&reader->schema, tree, "thủ tục", head_keys, &raw);
    if (raw.procedure != NULL && !plugin_code_ok(slice_str(raw.procedure)))
        schema_fault_key(&reader->schema, tree, "procedure",
                         "mã thủ tục \"%s\" sai dạng, cần \"d.dddddd\" [K025]", raw.procedure);
    procedure->code = raw.procedure;
    procedure->version = raw.version;
    procedure->name = raw.name;
    procedure->field = raw.field;
    procedure->decision = raw.decision;
    procedure->legal_basis = raw.legal_basis.items;
    procedure->legal_basis_count = raw.legal_basis.count;
    procedure->level = (enum service_level)raw.level;
    procedure->authority = (enum authority)raw.authority;
    procedure->competent = raw.competent;
    procedure->presence_required = raw.presence_required;
    procedure->authorisation_allowed = raw.authorisation_allowed;
    procedure->on_the_spot = raw.on_the_spot;
    read_subjects(reader, tree, raw.subjects);
    read_effective(reader, raw.effective);
    read_clock(reader, raw.clock);
    read_channels(reader, raw.channels);
    read_postal(reader, raw.postal);
    read_supplement(reader, raw.supplement);
    read_screening(reader, raw.screening);
    read_cases(reader, raw.cases);
    read_fees(reader, raw.fees);
    read_results(reader, raw.results);
    plugin_rungs(reader, raw.warn, &procedure->rungs, &procedure->rung_count);
    *ret = raw.parts;
}
