/* plugin_rule.h - the rules that a plugin is checked by, and how a breach is told of: at the place
 * in the text, with the rule's number at the end. */
#ifndef DVC_CONF_PLUGIN_RULE_H
#define DVC_CONF_PLUGIN_RULE_H

#include "conf/agencies.h"
#include "conf/errors.h"
#include "core/procedure.h"

/* The number is the rule's name for ever: a rule that goes leaves a gap. */
enum plugin_rule {
    RULE_ID_ONCE = 29,
    RULE_AGENCY = 106,
    RULE_CASE = 107,
    RULE_PATH = 108,
    RULE_FILL = 109,
    RULE_STEP_REACHED = 110,
    RULE_END_REACHED = 111,
    RULE_END_ALONE = 112,
    RULE_JOIN_OUTSIDE = 113,
    RULE_JOIN_SAME = 114,
    RULE_PREVIOUS = 115,
    RULE_NOTICE = 116,
    RULE_LITERAL = 117,
    RULE_SCREENING = 118,
    RULE_TOO_LARGE = 119,
    RULE_ACCEPT_ONCE = 120,
    RULE_CLOCK_STARTED = 121,
    RULE_PAUSE_ONCE = 122,
    RULE_NOT_HELD = 123,
    RULE_FINISH_ONCE = 124,
    RULE_FINISH_FIRST = 125,
    RULE_END_STAGE = 126,
    RULE_FINISH_HELD = 127,
    RULE_RESULT_FIRST = 128,
    RULE_WITHDRAWN = 129,
    RULE_HOLD_OUT = 130,
    RULE_WAIT_RUNNING = 131,
    RULE_WAIT_TIMEOUT = 132,
    RULE_POST_OUT = 133,
    RULE_WARN_LIMIT = 134,
    RULE_ALONE_NEEDS = 135,
    RULE_PARTY_WAITS = 136,
    RULE_DECIDES = 137,
    RULE_SUPPLEMENT_MAX = 140,
    RULE_SUPPLEMENT_ONE = 141,
    RULE_SUPPLEMENT_NEEDS = 142,
    RULE_SUPPLEMENT_WAIT = 143,
    RULE_REFUSAL = 144,
    RULE_REASON = 145,
    RULE_FORM = 146,
    RULE_CLOSING = 147,
    RULE_RECEIPT = 148,
    RULE_FORM_PLACE = 149,
    RULE_COVER = 150,
    RULE_WAY_OUT = 151,
    RULE_HANDED_OVER = 152,
    RULE_AFTER_SUPPLEMENT = 153,
    RULE_STATE = 154,
    RULE_EVERYBODY = 155,
    RULE_WITHIN = 156,
    RULE_POSTAL = 160,
    RULE_PRESENCE = 161,
    RULE_POSTAL_RETURN = 162,
    RULE_LEVEL = 163,
    RULE_ELECTRONIC = 164,
    RULE_FEE_WAY = 165,
    RULE_FEE_NONE = 166,
    RULE_PAYMENT_WAIT = 167,
    RULE_POST_WAIT = 168,
    RULE_SAME_DAY = 170,
    RULE_STEP_SUM = 171,
    RULE_LIMIT_AFTER = 172,
    RULE_TRANSFER = 173,
    RULE_CHANNELS = 174,
    RULE_SPAWN_KNOWN = 180,
    RULE_SPAWN_NAMES = 181,
    RULE_SPAWN_TYPE = 182,
    RULE_SPAWN_GIVEN = 183,
    RULE_SPAWN_CYCLE = 184,
    RULE_LINKED_ACTIONS = 185,
    RULE_LINKED_OPENED = 186,
    RULE_SPAWN_STAGE = 187,
    RULE_SPAWN_TAKEN = 188,
};

struct plugin_check {
    const struct procedure *procedure;
    const struct agency_tree *agencies; /* may be NULL */
    const char *file, *workflow_file;
    struct conf_errors *errors;
    struct arena *arena; /* for the time of the check */
    size_t faults;
};

/* At a node of the plugin's own file (NULL: the whole). */
void rule_fault(struct plugin_check *check, enum plugin_rule rule, const struct value *at,
                const char *fmt, ...) DVC_PRINTF(4, 5);
/* At a node of the workflow, wherever that is written. */
void rule_fault_flow(struct plugin_check *check, enum plugin_rule rule, const struct value *at,
                     const char *fmt, ...) DVC_PRINTF(4, 5);
/* At a step of the workflow, or at one of its actions (`action` NULL: the step), or at its timeout.
 */
void rule_fault_step(struct plugin_check *check, enum plugin_rule rule, const struct step *step,
                     const struct action *action, const char *fmt, ...) DVC_PRINTF(5, 6);
void rule_fault_timeout(struct plugin_check *check, enum plugin_rule rule, const struct step *step,
                        const char *fmt, ...) DVC_PRINTF(4, 5);
/* What a check of `procedure` works with; `file` as in procedure_compile. */
void plugin_check_init(struct plugin_check *check, struct arena *arena,
                       const struct procedure *procedure, const struct agency_tree *agencies,
                       const char *file, struct conf_errors *errors);
/* The step's map in the source, or NULL. */
const struct value *rule_step_source(const struct plugin_check *check, const struct step *step);

#endif
