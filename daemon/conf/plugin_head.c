#include "conf/plugin_head.h"

#include <string.h>

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

#define AT(field) offsetof(struct raw_head, field)
static const struct schema_key head_keys[] = {
    {"dvc", SCHEMA_INT32, true, AT(dvc), LANGUAGE_VERSION, LANGUAGE_VERSION},
    {"procedure", SCHEMA_CODE, true, AT(procedure), 8, 8},
    {"version", SCHEMA_INT32, true, AT(version), 1, 100000},
    {"name", SCHEMA_TEXT, true, AT(name), 3, 500},
    {"field", SCHEMA_TEXT, true, AT(field), 2, 200},
    {"decision", SCHEMA_TEXT, true, AT(decision), 3, 200},
    {"legal_basis", SCHEMA_TEXTS, false, AT(legal_basis), 1, 500},
    {"effective", SCHEMA_MAP, true, AT(effective)},
    {"level", SCHEMA_WORD, true, AT(level), .words = level_words},
    {"authority", SCHEMA_WORD, true, AT(authority), .words = authority_words},
    {"competent", SCHEMA_ID, false, AT(competent)},
    {"subjects", SCHEMA_TEXTS, true, AT(subjects), 1, 40},
    {"presence_required", SCHEMA_BOOL, false, AT(presence_required)},
    {"authorisation_allowed", SCHEMA_BOOL, false, AT(authorisation_allowed)},
    {"on_the_spot", SCHEMA_BOOL, false, AT(on_the_spot)},
    {"clock", SCHEMA_MAP, false, AT(clock)},
    {"channels", SCHEMA_MAP, true, AT(channels)},
    {"postal", SCHEMA_MAP, false, AT(postal)},
    {"supplement", SCHEMA_MAP, false, AT(supplement)},
    {"screening", SCHEMA_MAP, false, AT(screening)},
    {"cases", SCHEMA_LIST, false, AT(cases)},
    {"fees", SCHEMA_LIST, false, AT(fees)},
    {"form", SCHEMA_LIST, false, AT(parts.form)},
    {"documents", SCHEMA_LIST, false, AT(parts.documents)},
    {"results", SCHEMA_LIST, true, AT(results)},
    {"warn", SCHEMA_LIST, false, AT(warn)},
    {"workflow", SCHEMA_MAP, true, AT(parts.workflow)},
};
#undef AT

bool plugin_code_ok(struct slice code)
{
    for (size_t i = 0; i < code.len; i++) {
        if (i == 1 ? code.ptr[i] != '.' : code.ptr[i] < '0' || code.ptr[i] > '9')
            return false;
    }
    return code.len == 8;
}

static void read_effective(struct plugin_reader *reader, const struct value *map)
{
    struct procedure *procedure = reader->procedure;
    static const struct schema_key keys[] = {
        {"from", SCHEMA_DAY, true, offsetof(struct procedure, effective_from)},
        {"to", SCHEMA_DAY, false, offsetof(struct procedure, effective_to)},
    };

    if (map == NULL || !SCHEMA_READ(&reader->schema, map, "hiệu lực", keys, procedure))
        return;
    if (!day_is_none(procedure->effective_to) &&
        procedure->effective_to.n < procedure->effective_from.n)
        schema_fault_key(&reader->schema, map, "to",
                         "hiệu lực: \"to\" trước \"from\", cần cùng ngày hoặc sau [K023]");
}

static void read_clock(struct plugin_reader *reader, const struct value *map)
{
    struct {
        int starts, due_time, after_supplement, cut_off;
    } raw = {CLOCK_STARTS_ACCEPT, DUE_END_OF_DAY, AFTER_SUPPLEMENT_RESTART, CLOCK_CUTOFF_MINUTE};
    const struct schema_key keys[] = {
        {"starts", SCHEMA_WORD, false, offsetof(__typeof__(raw), starts), .words = starts_words},
        {"due_time", SCHEMA_WORD, false, offsetof(__typeof__(raw), due_time), .words = due_words},
        {"cut_off", SCHEMA_MINUTE, false, offsetof(__typeof__(raw), cut_off)},
    };

    if (map != NULL)
        SCHEMA_READ(&reader->schema, map, "\"clock\"", keys, &raw);
    reader->procedure->clock.starts = (enum clock_starts)raw.starts;
    reader->procedure->clock.due_time = (enum due_time)raw.due_time;
    reader->procedure->clock.after_supplement = (enum after_supplement)raw.after_supplement;
    reader->procedure->clock.cutoff_minute = raw.cut_off;
}

static void read_channel(struct plugin_reader *reader, const struct value_member *member)
{
    struct limit limit = LIMIT_INIT_NONE;
    const struct schema_key keys[] = {{"limit", SCHEMA_LIMIT, true, 0}};
    enum channel channel;

    if (channel_parse(member->key, &channel) != 0) {
        reader->schema.faults++;
        conf_error(reader->schema.errors, reader->schema.file, member->line, member->column,
                   "\"channels\": không có kênh \"%s\", cần một trong: online, post, direct [K020]",
                   member->key.ptr);
        return;
    }
    if (SCHEMA_READ(&reader->schema, member->value,
                    arena_printf(reader->schema.arena, "kênh \"%s\"", member->key.ptr), keys,
                    &limit)) {
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

static void read_postal(struct plugin_reader *reader, const struct value *map)
{
    static const struct schema_key keys[] = {
        {"collect", SCHEMA_BOOL, true, offsetof(struct procedure, postal_collect)},
        {"return", SCHEMA_BOOL, true, offsetof(struct procedure, postal_return)},
        {"decision", SCHEMA_TEXT, false, offsetof(struct procedure, postal_decision), 3, 200},
    };

    if (map != NULL)
        SCHEMA_READ(&reader->schema, map, "\"postal\"", keys, reader->procedure);
}

struct raw_supplement {
    int max, then;
    struct limit within, closes_after;
    const char *basis;
    const struct value *limit_after;
};

static void read_stage(struct plugin_reader *reader, const struct value *map, const char *what,
                       struct supplement_rule *rule)
{
    static const struct schema_key keys[] = {
        {"max", SCHEMA_INT32, true, offsetof(struct raw_supplement, max), 1, 10},
        {"within", SCHEMA_LIMIT, false, offsetof(struct raw_supplement, within)},
        {"then", SCHEMA_WORD, false, offsetof(struct raw_supplement, then), .words = then_words},
        {"closes_after", SCHEMA_LIMIT, false, offsetof(struct raw_supplement, closes_after)},
        {"basis", SCHEMA_TEXT, false, offsetof(struct raw_supplement, basis), 3, 300},
        {"limit_after", SCHEMA_ANY, false, offsetof(struct raw_supplement, limit_after)},
    };
    struct raw_supplement raw = {
        0, AFTER_SUPPLEMENT_RESTART, LIMIT_INIT_NONE, LIMIT_INIT_NONE, NULL, NULL};

    if (map == NULL || !SCHEMA_READ(&reader->schema, map, what, keys, &raw))
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

static void read_supplement(struct plugin_reader *reader, const struct value *map)
{
    struct {
        const struct value *intake, *appraisal;
    } raw = {NULL, NULL};
    const struct schema_key keys[] = {
        {"intake", SCHEMA_MAP, false, offsetof(__typeof__(raw), intake)},
        {"appraisal", SCHEMA_MAP, false, offsetof(__typeof__(raw), appraisal)},
    };

    if (map == NULL || !SCHEMA_READ(&reader->schema, map, "\"supplement\"", keys, &raw))
        return;
    read_stage(reader, raw.intake, "bổ sung khi tiếp nhận", &reader->procedure->intake);
    read_stage(reader, raw.appraisal, "bổ sung khi thẩm định", &reader->procedure->appraisal);
    if (reader->procedure->appraisal.resume)
        reader->procedure->clock.after_supplement = AFTER_SUPPLEMENT_RESUME;
}

static void read_screening(struct plugin_reader *reader, const struct value *map)
{
    static const struct schema_key keys[] = {
        {"question", SCHEMA_TEXT, true, offsetof(struct procedure, screening_question), 3, 500},
        {"stop_when", SCHEMA_TEXT, true, offsetof(struct procedure, screening_stop_when), 1, 100},
        {"tell", SCHEMA_TEXT, true, offsetof(struct procedure, screening_tell), 3, 1000},
    };

    if (map != NULL)
        SCHEMA_READ(&reader->schema, map, "câu hỏi sàng lọc", keys, reader->procedure);
}

static void read_case(struct plugin_reader *reader, const struct value *value,
                      struct case_kind *kind)
{
    struct {
        const char *id, *name;
        const struct value *limit;
    } raw = {NULL, NULL, NULL};
    const struct schema_key keys[] = {
        {"id", SCHEMA_ID, true, offsetof(__typeof__(raw), id)},
        {"name", SCHEMA_TEXT, true, offsetof(__typeof__(raw), name), 2, 500},
        {"limit", SCHEMA_ANY, false, offsetof(__typeof__(raw), limit)},
    };

    SCHEMA_READ(&reader->schema, value, "trường hợp", keys, &raw);
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
static void read_over(struct plugin_reader *reader, const struct value *map, struct fee *fee)
{
    static const struct schema_key keys[] = {
        {"count", SCHEMA_INT32, true, offsetof(struct fee, over), 1, 1000},
        {"amount", SCHEMA_INT, true, offsetof(struct fee, over_amount), 0, INT64_C(100000000000)},
    };

    SCHEMA_READ(&reader->schema, map, "\"over\"", keys, fee);
}

static void read_fee(struct plugin_reader *reader, const struct value *value, struct fee *fee)
{
    struct {
        const char *id, *name, *case_id, *per, *times;
        int kind, pay;
        int64_t most;
        const struct value *amount, *over;
        struct expr *waive_if, *when;
    } raw = {.kind = FEE_LE_PHI, .pay = FEE_BEFORE_RESULT};
    const struct schema_key keys[] = {
        {"id", SCHEMA_ID, true, offsetof(__typeof__(raw), id)},
        {"name", SCHEMA_TEXT, true, offsetof(__typeof__(raw), name), 2, 300},
        {"kind", SCHEMA_WORD, true, offsetof(__typeof__(raw), kind), .words = kind_words},
        {"amount", SCHEMA_ANY, true, offsetof(__typeof__(raw), amount)},
        {"per", SCHEMA_ID, false, offsetof(__typeof__(raw), per)},
        {"over", SCHEMA_MAP, false, offsetof(__typeof__(raw), over)},
        {"most", SCHEMA_INT, false, offsetof(__typeof__(raw), most), 1, INT64_C(100000000000)},
        {"times", SCHEMA_ID, false, offsetof(__typeof__(raw), times)},
        {"case", SCHEMA_ID, false, offsetof(__typeof__(raw), case_id)},
        {"pay", SCHEMA_WORD, true, offsetof(__typeof__(raw), pay), .words = pay_words},
        {"waive_if", SCHEMA_EXPR, false, offsetof(__typeof__(raw), waive_if)},
        {"when", SCHEMA_EXPR, false, offsetof(__typeof__(raw), when)},
    };

    SCHEMA_READ(&reader->schema, value, "khoản thu", keys, &raw);
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

static void read_results(struct plugin_reader *reader, const struct value *list)
{
    static const struct schema_key keys[] = {
        {"code", SCHEMA_CODE, true, offsetof(struct result_kind, code), 3, 40},
        {"name", SCHEMA_TEXT, true, offsetof(struct result_kind, name), 2, 300},
        {"electronic", SCHEMA_BOOL, false, offsetof(struct result_kind, electronic)},
    };
    struct procedure *procedure = reader->procedure;
    size_t count = value_count(list);

    procedure->results = ARENA_ARRAY(reader->schema.arena, struct result_kind, count + 1);
    for (size_t i = 0; i < count; i++) {
        SCHEMA_READ(&reader->schema, value_at(list, i), "kết quả", keys, &procedure->results[i]);
        plugin_unique(reader, value_at(list, i), "kết quả", procedure->results[i].code,
                      &procedure->results[0].code, sizeof(procedure->results[0]), i);
    }
    procedure->result_count = count;
    if (list != NULL && count == 0)
        schema_fault(&reader->schema, list, "\"results\": cần ít nhất một kết quả [K021]");
}

static void read_subjects(struct plugin_reader *reader, const struct value *tree,
                          struct schema_texts subjects)
{
    for (size_t i = 0; i < subjects.count; i++) {
        if (strcmp(subjects.items[i], "citizen") == 0)
            reader->procedure->for_citizen = true;
        else if (strcmp(subjects.items[i], "business") == 0)
            reader->procedure->for_business = true;
        else if (strcmp(subjects.items[i], "organisation") == 0)
            reader->procedure->for_organisation = true;
        else
            schema_fault_key(&reader->schema, tree, "subjects",
                             "\"subjects\": không có đối tượng \"%s\", cần một trong: citizen, "
                             "business, organisation [K024]",
                             subjects.items[i]);
    }
}

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
