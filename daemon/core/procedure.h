/* procedure.h - one procedure (thủ tục hành chính) in one version, compiled: what a plugin says, as
 * values that the engine reads. Built by conf/, never changed afterwards, lives in its own arena.
 */
#ifndef DVC_CORE_PROCEDURE_H
#define DVC_CORE_PROCEDURE_H

#include "base/value.h"
#include "core/deadline.h"
#include "core/expr.h"
#include "core/role.h"
#include "core/state.h"

enum service_level {
    LEVEL_FULL,
    LEVEL_PARTIAL,
    LEVEL_INFO
}; /* toàn trình, một phần, cung cấp thông tin */
enum authority { AUTHORITY_PROVINCE, AUTHORITY_DEPARTMENT, AUTHORITY_COMMUNE };

enum field_type {
    FIELD_TEXT,
    FIELD_TEXTAREA,
    FIELD_INTEGER,
    FIELD_NUMBER,
    FIELD_BOOLEAN,
    FIELD_DATE,       /* YYYY-MM-DD */
    FIELD_SELECT,     /* one of options */
    FIELD_MULTI,      /* list of options */
    FIELD_CITIZEN_ID, /* 12 digits, số định danh cá nhân */
    FIELD_PHONE,
    FIELD_EMAIL,
    FIELD_TAX_CODE,
    FIELD_COMMUNE, /* commune code in force */
    FIELD_MONEY    /* integer đồng */
};

struct field_option {
    const char *value;
    const char *label;
};

#define FIELD_PATTERN_BYTES 1000

/* One field of the interactive form. */
struct field {
    const char *id;
    const char *label; /* Vietnamese */
    const char *hint;
    enum field_type type;
    bool required;            /* of a boolean: must be true */
    struct expr *required_if; /* NULL: never conditional */
    struct expr *show_if;     /* NULL: always; a hidden field must be absent */
    bool has_min, has_max;
    double min, max; /* value of numbers; days relative to today are min_date, max_date */
    int min_length, max_length; /* code points; 0 = the type's default */
    const char *pattern;        /* POSIX extended; NULL: none */
    void *regex; /* regex_t * of "^(pattern)$" (REG_EXTENDED | REG_NOSUB), compiled and freed
                  * by conf with its generation; NULL: no pattern. Only texts of at most
                  * FIELD_PATTERN_BYTES are matched; longer ones do not match. */
    day_t min_date, max_date; /* DAY_NONE: none */
    bool not_future;          /* dates only */
    struct field_option *options;
    size_t option_count;
    const char *fill; /* NULL, or a path of the applicant whose value the client offers */
};

/* One paper of the dossier's composition (thành phần hồ sơ). */
struct paper {
    const char *id;
    const char *name;
    int original, certified, photo; /* how many of each kind are asked for */
    bool required;
    struct expr *required_if;
    const char **cases; /* NULL: every case */
    size_t case_count;
    const char **formats; /* "pdf", "jpg", ...; count 0: the house's allow-list */
    size_t format_count;
    int max_mb;
    const char **reuse; /* result codes that may stand in for it */
    size_t reuse_count;
};

enum fee_kind { FEE_LE_PHI, FEE_PHI };
enum fee_pay { FEE_AT_SUBMIT, FEE_BEFORE_ACCEPT, FEE_BEFORE_RESULT };

struct fee {
    const char *id;
    const char *name;
    enum fee_kind kind;
    int64_t amount[CHANNEL_SLOTS]; /* đồng, by enum channel */
    const char *per;               /* integer field that counts: pages, copies; NULL: once */
    int over;                      /* beyond so many `over_amount` each; 0: all at the amount */
    int64_t over_amount;
    int64_t most;        /* the sum of `per` is at most this; 0: no bound */
    const char *times;   /* integer field that multiplies the sum; NULL: once */
    const char *case_id; /* NULL: every case */
    enum fee_pay pay;
    struct expr *waive_if;
    struct expr *when;
};

struct result_kind {
    const char *code; /* KQ.G15.000031 */
    const char *name;
    bool electronic;
};

/* In a case's limits: the procedure's own limit of that channel holds. */
#define LIMIT_UNSET ((struct limit){LIMIT_NONE, -1})
static inline bool limit_is_unset(struct limit limit)
{
    return limit.unit == LIMIT_NONE && limit.amount < 0;
}

struct case_kind {
    const char *id;
    const char *name;
    bool has_limit;
    struct limit limit[CHANNEL_SLOTS]; /* LIMIT_UNSET where the case does not override */
};

enum target_kind { TARGET_STEP, TARGET_PARALLEL, TARGET_JOIN, TARGET_END, TARGET_PREVIOUS };

struct target {
    enum target_kind kind;
    int steps[8]; /* step indexes; TARGET_STEP and TARGET_JOIN use the first */
    int step_count;
    enum dossier_state end; /* TARGET_END */
};

enum effect_kind {
    EFFECT_ACCEPT,
    EFFECT_PAUSE,
    EFFECT_RESUME,
    EFFECT_RESTART,
    EFFECT_FINISH,
    EFFECT_ISSUE,
    EFFECT_REQUEST_PAYMENT,
    EFFECT_POST_COLLECT,
    EFFECT_POST_RETURN,
    EFFECT_NOTIFY,
    EFFECT_SPAWN,
    EFFECT_PUBLISH_RESULT,
    EFFECT_TAKE_BACK,
    EFFECT_CORRECT_RESULT
};

/* What one field or paper of another dossier is made of. */
struct spawn_source {
    const char *target; /* id of the field or paper there */
    const char *path;   /* form.x, applicant.name, result.number, ...; for a paper the id of
                         * one of ours, or "result" for the newest result; NULL: */
    const struct value *constant; /* the same for every dossier */
};

/* Another dossier that this one opens (liên thông, Decree 61/2018, Art 19.6). */
struct spawn {
    const char *procedure;   /* code */
    const char *as;          /* its name in this workflow; the code when none is given */
    const char *agency_role; /* as of a step: NULL the competent agency of this dossier */
    const char *case_id;     /* of that procedure, NULL none */
    struct expr *when;       /* NULL: always */
    struct spawn_source *fields, *papers;
    size_t field_count, paper_count;
    const struct value *source; /* the map it was read from */
};
#define SPAWN_RESULT "result"

struct effect {
    enum effect_kind kind;
    enum form_id form;         /* EFFECT_ISSUE */
    const struct spawn *spawn; /* EFFECT_SPAWN */
    enum role to;              /* EFFECT_NOTIFY */
    const char *text;          /* EFFECT_NOTIFY: message id */
};

/* What an action asks of its caller, as bits. */
enum need {
    NEED_REASON = 1,
    NEED_PAPERS = 2,
    NEED_RESULT = 4,
    NEED_RECEIVER = 8, /* who took the result: name, relation, identity checked */
    NEED_DOCUMENTS = 16,
    NEED_ASSIGNEE = 32,
    NEED_RECEIPT = 64 /* receipt number of a payment */
};

struct action {
    const char *id;
    const char *name; /* Vietnamese; NULL for actions only the daemon takes */
    enum role by;     /* ROLE_NONE: the step's role */
    unsigned needs;
    struct expr *when; /* NULL: always */
    struct target to;
    struct effect *effects;
    size_t effect_count;
    bool is_default; /* taken by itself when it is the only one whose `when` holds (automatic) */
};

enum wait_for { WAIT_NOTHING, WAIT_APPLICANT, WAIT_PAYMENT, WAIT_POST, WAIT_LINKED };

struct rung {          /* a warning on a step's or the dossier's clock */
    struct warn_at at; /* core/deadline.h */
    enum role to;      /* ROLE_NONE: the assignee, else the step's role */
};

struct timeout {
    bool present;
    struct limit after;
    struct target to;
    struct effect *effects;
    size_t effect_count;
    bool consents;      /* silence means consent: takes the action named */
    const char *action; /* NULL, or the action that the timeout takes */
};

struct step {
    const char *id;
    const char *name;
    enum role role;          /* ROLE_NONE for a wait */
    const char *agency_role; /* NULL: the competent agency; "receiving"; or a name in agencies'
                                `functions` */
    enum wait_for wait;
    bool has_state;
    enum dossier_state state; /* explicit; else derived from role and wait */
    int national;             /* 0: from the state */
    struct limit limit[CHANNEL_SLOTS];
    struct limit limit_after[CHANNEL_SLOTS]; /* once a supplement began the count again; else as
                                              * `limit`, with which it is filled */
    bool join_any;                           /* joins wait for the first, not for all */
    bool linked_first;      /* WAIT_LINKED: for the first good end, not for all ends */
    const char **linked_of; /* WAIT_LINKED: names of spawns; NULL: all that were opened */
    size_t linked_of_count;
    struct action *actions;
    size_t action_count;
    struct rung *rungs;
    size_t rung_count;
    struct timeout timeout;
};

struct supplement_rule {
    int max; /* requests in this stage */
    struct limit
        within;  /* the office must ask within this from acceptance; unit LIMIT_NONE: no rule */
    bool resume; /* clock goes on instead of starting again */
    struct limit closes_after; /* the applicant's time */
    bool has_limit_after; /* the count that the supplement begins again has a limit of its own */
    struct limit limit_after[CHANNEL_SLOTS];
};

struct procedure {
    const char *code; /* "1.001193" */
    int version;
    const char *name;
    const char *name_folded; /* utf8_fold of it, for searching */
    const char *field;       /* lĩnh vực */
    const char *decision;
    const char **legal_basis;
    size_t legal_basis_count;
    day_t effective_from, effective_to; /* DAY_NONE: open */
    enum service_level level;
    enum authority authority;
    const char *competent; /* function that the agency which decides must have; NULL: any agency
                            * of the level of `authority` */
    bool for_citizen, for_business, for_organisation;
    bool presence_required, authorisation_allowed, on_the_spot;
    struct clock_rule clock;
    bool channel_open[CHANNEL_SLOTS];
    struct limit limit[CHANNEL_SLOTS]; /* total, by channel */
    bool postal_collect, postal_return;
    const char *postal_decision;
    struct supplement_rule intake, appraisal;
    const char *screening_question, *screening_stop_when, *screening_tell; /* NULL: none */
    struct case_kind *cases;
    size_t case_count;
    struct fee *fees;
    size_t fee_count;
    struct field *form;
    size_t field_count;
    struct paper *papers;
    size_t paper_count;
    struct result_kind *results;
    size_t result_count;
    struct step *steps;
    size_t step_count;
    int start;          /* index into steps */
    struct rung *rungs; /* on the total limit */
    size_t rung_count;
    int64_t id;                 /* procedure_version.id, 0 before publishing */
    char sha256[65];            /* of the canonical JSON, lower-case hex; "" before publishing */
    const struct value *source; /* the tree it was compiled from */
};

int procedure_step(const struct procedure *procedure, struct slice id);     /* index or -1 */
const struct action *step_action(const struct step *step, struct slice id); /* or NULL */
bool effects_have(const struct effect *effects, size_t count, enum effect_kind kind);
bool effects_issue(const struct effect *effects, size_t count, enum form_id form);
/* Some action or timeout of the workflow has it. */
bool procedure_has_effect(const struct procedure *procedure, enum effect_kind kind);
bool procedure_has_wait(const struct procedure *procedure, enum wait_for wait);
const struct case_kind *procedure_case(const struct procedure *procedure, struct slice id);
/* What an effect of the workflow opens under this name, or NULL. */
const struct spawn *procedure_spawn(const struct procedure *procedure, const char *as);
/* Calls fn for each spawn of the workflow, actions and timeouts, in the order of the steps. */
void procedure_each_spawn(const struct procedure *procedure,
                          void (*fn)(void *ctx, const struct step *step, const struct spawn *spawn),
                          void *ctx);
/* The total limit for a case and channel. */
struct limit procedure_limit(const struct procedure *procedure, const char *case_id,
                             enum channel channel);

/* The party that is waited for, whose actions of that step they are; ROLE_NONE: nobody. */
enum role wait_party(enum wait_for wait);
const char *level_code(enum service_level level);
const char *authority_code(enum authority authority);
const char *field_type_code(enum field_type type);
const char *effect_code(enum effect_kind kind);
/* Bit to word: reason papers result receiver documents assignee receipt. NULL when unknown. */
const char *need_code(enum need need);

#endif
