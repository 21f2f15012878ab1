#include "plan.h"

static const char *const roles[] = {"receiver", "officer", "officer", "unit_head",
                                    "leader",   "clerk",   "cashier", "postal"};
static const char *const functions[] = {"police_fire", "environment", "receiving"};

/* Where a chain of steps leads. */
struct way {
    const char *target;
    const char *effects; /* of whoever takes the last step out, or NULL */
};

static int chain(struct plan *plan, enum plan_stage stage, int length, struct way out);

static bool one_in(struct plan *plan, size_t n)
{
    return dice_one_in(plan->dice, n);
}

int plan_step(struct plan *plan, const char *who)
{
    DVC_REQUIRE(plan->step_count < PLAN_STEPS);
    plan->steps[plan->step_count] = (struct plan_step){.who = who, .more = ""};
    return plan->step_count++;
}

struct plan_action *plan_action(struct plan *plan, int step, const char *id, const char *target)
{
    struct plan_step *at = &plan->steps[step];

    DVC_REQUIRE(at->action_count < PLAN_ACTIONS);
    at->actions[at->action_count] = (struct plan_action){.id = id, .target = target};
    return &at->actions[at->action_count++];
}

const char *plan_to(struct plan *plan, int step)
{
    return P(plan, "to: s%d", step);
}

static const char *also(struct plan *plan, const char *effects, const char *more)
{
    if (effects == NULL || more == NULL)
        return effects == NULL ? more : effects;
    return P(plan, "%s, %s", effects, more);
}

static void add_line(struct plan *plan, int step, const char *line)
{
    plan->steps[step].more = P(plan, "%s      %s\n", plan->steps[step].more, line);
}

static void trimmings(struct plan *plan, int step, enum plan_stage stage)
{
    static const char *const points[] = {"50%",
                                         "80%",
                                         "-1 working_day",
                                         "-2 working_hours",
                                         "due",
                                         "+1 working_day",
                                         "+1 calendar_day"};
    static const char *const to[] = {"assignee", "unit_head", "leader", "receiver", "applicant"};

    if (one_in(plan, 2)) {
        add_line(plan, step, P(plan, "limit: %s", plan_limit(plan)));
        if (one_in(plan, 3))
            add_line(plan, step,
                     P(plan, "warn: [{at: %s, to: %s}, {at: due, to: assignee}]",
                       DICE_PICK(plan->dice, points), DICE_PICK(plan->dice, to)));
    } else if (one_in(plan, 600)) {
        add_line(plan, step, "warn: [{at: due, to: leader}]");
    }
    if (one_in(plan, plan->branches > 0 ? 2 : 6))
        add_line(plan, step, P(plan, "agency: %s", DICE_PICK(plan->dice, functions)));
    if (stage == STAGE_RUNNING && one_in(plan, 12))
        add_line(plan, step, one_in(plan, 2) ? "state: processing" : "state: consulting");
    if (one_in(plan, 15))
        add_line(plan, step, P(plan, "national: %zu", 2 + dice_roll(plan->dice, 4)));
}

static int desk(struct plan *plan, enum plan_stage stage)
{
    int step = plan_step(plan, P(plan, "role: %s", DICE_PICK(plan->dice, roles)));

    trimmings(plan, step, stage);
    return step;
}

static struct plan_action *leave(struct plan *plan, int step, const char *id, struct way out)
{
    struct plan_action *action = plan_action(plan, step, id, out.target);

    action->effects = out.effects;
    return action;
}

/* One that works, in one of the ways in which people choose. */
static int plain(struct plan *plan, enum plan_stage stage, struct way out)
{
    int step = desk(plan, stage);
    struct plan_action *go = leave(plan, step, "go", out);

    if (one_in(plan, 6))
        go->needs = one_in(plan, 2) ? "reason" : "assignee";
    if (one_in(plan, 8))
        go->effects = also(plan, go->effects, "{notify: unit_head, text: notified}");
    if (one_in(plan, 5))
        plan_action(plan, step, "again", plan_to(plan, step))->needs = "reason";
    else if (plan->branches == 0 && one_in(plan, 30))
        plan_action(plan, step, "back", "to: previous")->needs = "reason";
    if (stage == STAGE_RUNNING && plan->branches == 0 && one_in(plan, 5)) {
        struct plan_action *refuse = plan_action(plan, step, "refuse", "end: refused");

        refuse->needs = "reason";
        refuse->effects = one_in(plan, 2) ? "finish, {issue: refusal}" : "{issue: refusal}";
    }
    if (one_in(plan, 8))
        plan->steps[step].timeout =
            one_in(plan, 2) && go->needs == NULL
                ? P(plan, "after: %s, action: go", "3 working_days")
                : P(plan, "after: %zu calendar_days, %s%s%s%s", 1 + dice_roll(plan->dice, 20),
                    out.target, out.effects != NULL ? ", effects: [" : "",
                    out.effects != NULL ? out.effects : "", out.effects != NULL ? "]" : "");
    return step;
}

/* Two or three ways that meet again; by the officer, by a condition, or by themselves. */
static int choice(struct plan *plan, enum plan_stage stage, struct way out)
{
    static const char *const names[] = {"one", "two", "three"};
    int step = desk(plan, stage), ways = 2 + (int)dice_roll(plan->dice, 2);
    const char *condition = one_in(plan, 3) ? NULL : plan_condition(plan);
    bool automatic = condition != NULL && one_in(plan, 3);

    for (int i = 0; i < ways; i++) {
        struct way way = out;
        struct plan_action *action;

        if (one_in(plan, 2))
            way = (struct way){plan_to(plan, chain(plan, stage, 1, out)), NULL};
        action = leave(plan, step, names[i], way);
        if (condition != NULL && i < 2)
            action->when = i == 0 ? condition : P(plan, "not (%s)", condition);
        action->automatic = automatic && i < 2;
        if (automatic && i == 1)
            break;
    }
    return step;
}

static int fork_join(struct plan *plan, enum plan_stage stage, struct way out)
{
    bool holds = stage == STAGE_RUNNING && plan->branches == 0 && one_in(plan, 2);
    struct way after = {out.target, holds ? also(plan, "resume", out.effects) : out.effects};
    int meet, fork, count = 2 + (int)dice_roll(plan->dice, 2);
    enum plan_stage inside = holds ? STAGE_HELD : stage;
    const char *targets = "";
    struct plan_action *split;

    plan->branches++;
    meet = plain(plan, inside, after);
    add_line(plan, meet, one_in(plan, 3) ? "join: first" : "join: all");
    for (int i = 0; i < count; i++) {
        struct way branch = {P(plan, "join: s%d", meet), NULL};
        int entry = chain(plan, inside, 1 + (int)dice_roll(plan->dice, 2), branch);

        targets = P(plan, "%s%ss%d", targets, i > 0 ? ", " : "", entry);
    }
    plan->branches--;
    fork = desk(plan, stage);
    split = plan_action(plan, fork, "consult", P(plan, "to: [%s]", targets));
    split->effects = holds ? "pause" : NULL;
    if (one_in(plan, 2)) {
        struct plan_action *go = leave(plan, fork, "go", out);

        if (one_in(plan, 2)) {
            split->when = plan_condition(plan);
            go->when = one_in(plan, 2) ? P(plan, "not (%s)", split->when) : NULL;
        }
    }
    return fork;
}

/* Asks the applicant to agree; silence may be consent. */
static int confirmation(struct plan *plan, enum plan_stage stage, struct way out)
{
    bool holds = stage == STAGE_RUNNING && plan->branches == 0 && one_in(plan, 2);
    struct way after = {out.target, holds ? also(plan, "resume", out.effects) : out.effects};
    int wait = plan_step(plan, "wait: applicant"), ask;

    if (stage == STAGE_RUNNING && !holds)
        add_line(plan, wait, "clock: running");
    if (one_in(plan, 4))
        add_line(plan, wait, "limit: 2 working_days");
    leave(plan, wait, "agree", after);
    ask = desk(plan, stage);
    plan_action(plan, ask, "ask", plan_to(plan, wait))->effects = holds ? "pause" : NULL;
    if (one_in(plan, 2))
        plan_action(plan, wait, "differ", plan_to(plan, ask))->effects = holds ? "resume" : NULL;
    plan->steps[wait].timeout = P(plan, "after: %zu %s, %s: agree", 1 + dice_roll(plan->dice, 9),
                                  one_in(plan, 2) ? "working_days" : "working_hours",
                                  one_in(plan, 2) ? "consent" : "action");
    return ask;
}

static int payment(struct plan *plan, enum plan_stage stage, struct way out)
{
    bool holds = stage == STAGE_RUNNING && plan->branches == 0 && one_in(plan, 2);
    struct way after = {out.target, holds ? also(plan, "resume", out.effects) : out.effects};
    int wait = plan_step(plan, "wait: payment"), ask = desk(plan, stage);
    struct plan_action *request = plan_action(plan, ask, "ask", plan_to(plan, wait));

    if (stage == STAGE_RUNNING && !holds)
        add_line(plan, wait, "clock: running");
    request->effects = holds ? "pause, request_payment" : "request_payment";
    leave(plan, wait, "paid", after);
    if (one_in(plan, 2)) {
        request->when = "fees.due > 0";
        leave(plan, ask, "free", out)->when =
            one_in(plan, 8) ? "fees.due == 0" : "not (fees.due > 0)";
    }
    plan->steps[wait].timeout =
        P(plan, "after: %zu working_days, %s%s", 2 + dice_roll(plan->dice, 20), plan_to(plan, ask),
          holds ? ", effects: [resume]" : "");
    plan->waits_payment = true;
    return ask;
}

/* What is opened of the partner (tests/unit/conf/partners/9.000002.yaml): its form and paper as it
 * asks for them, seldom otherwise. */
static const char *spawn(struct plan *plan, const char *when)
{
    static const char *const wrong[] = {
        "\"9.000009\", as: l%d, form: {floors: 3, owner: applicant.name}, documents: {paper: "
        "result}",
        "\"9.000003\", as: l%d, form: {floors: 3, owner: applicant.name}, documents: {paper: "
        "result}",
        "\"9.000002\", as: l%d, form: {flors: 3, owner: applicant.name}, documents: {paper: "
        "result}",
        "\"9.000002\", as: l%d, form: {floors: 90, owner: applicant.name}, documents: {paper: "
        "result}",
        "\"9.000002\", as: l%d, form: {floors: form.floors, owner: applicant.name}, documents: "
        "{paper: result}",
        "\"9.000002\", as: l%d, form: {floors: 3, owner: applicant.name, began: form.kind}, "
        "documents: {paper: result}",
        "\"9.000002\", as: l%d, form: {floors: 3}, documents: {paper: result}",
        "\"9.000002\", as: l%d, form: {floors: 3, owner: applicant.name}, documents: {}",
        "\"9.000002\", as: l%d, form: {floors: 3, owner: applicant.name}, documents: {paper: p0}",
    };
    const char *what = "\"9.000002\", as: l%d, form: {floors: 3, owner: applicant.name}, "
                       "documents: {paper: result}";
    const char *mark, *text;

    if (one_in(plan, 30))
        what = DICE_PICK(plan->dice, wrong);
    mark = strstr(what, "%d");
    text = P(plan, "%.*s%d%s", (int)(mark - what), what, plan->spawns, mark + 2);
    return P(plan, "{spawn: %s%s}", text, when);
}

static int linked(struct plan *plan, enum plan_stage stage, struct way out)
{
    int wait = plan_step(plan, "wait: linked"), open = desk(plan, stage), count = 0;
    const char *effects = NULL, *names = "";
    int from = plan->spawns;

    while (count == 0 || (count < 3 && one_in(plan, 2))) {
        const char *when = one_in(plan, 4) ? P(plan, ", when: '%s'", plan_condition(plan)) : "";

        effects = also(plan, effects, spawn(plan, when));
        names = P(plan, "%s%sl%d", names, count > 0 ? ", " : "", plan->spawns);
        plan->spawns++;
        count++;
    }
    if (one_in(plan, 3))
        names = P(plan, "l%d", from);
    add_line(plan, wait, one_in(plan, 3) ? "linked: first" : "linked: all");
    if (!one_in(plan, 3))
        add_line(plan, wait, P(plan, "of: [%s]", names));
    leave(plan, wait, "done", out);
    plan_action(plan, wait, "failed", one_in(plan, 2) ? plan_to(plan, open) : out.target)->effects =
        plan->steps[wait].actions[0].effects;
    if (plan->steps[wait].actions[1].target[0] == 't')
        plan->steps[wait].actions[1].effects = NULL;
    if (plan->steps[wait].actions[1].target == out.target)
        plan->steps[wait].actions[1].effects = out.effects;
    plan->steps[wait].timeout =
        P(plan, "after: %zu working_days, %s", 2 + dice_roll(plan->dice, 9), plan_to(plan, open));
    plan_action(plan, open, "open", plan_to(plan, wait))->effects = effects;
    if (one_in(plan, 2))
        leave(plan, open, "skip", out);
    return open;
}

/* The result goes by the post once more, before whoever is last hands it over. */
static int posting(struct plan *plan, enum plan_stage stage, struct way out)
{
    int wait = plan_step(plan, "wait: post"), send = desk(plan, stage);

    plan_action(plan, send, "send", plan_to(plan, wait))->effects = "post_return";
    leave(plan, send, "keep", out);
    leave(plan, wait, "delivered", out);
    plan_action(plan, wait, "came_back", plan_to(plan, send));
    plan_action(plan, wait, "lost", plan_to(plan, send))->by = "receiver";
    plan->posts = true;
    return send;
}

static void supplement_check(struct plan *plan, int wait, int check, int asks, bool intake)
{
    const char *effects = intake ? NULL : plan->resumes ? "resume" : "restart";

    plan_action(plan, wait, "resubmit", plan_to(plan, check))->needs =
        one_in(plan, 8) ? "documents" : NULL;
    plan_action(plan, check, "complete", plan_to(plan, asks))->effects = effects;
    plan_action(plan, check, "incomplete", plan_to(plan, wait))->needs = "reason";
}

/* The step `asks` may send the dossier back for papers. */
static void supplement(struct plan *plan, int asks, bool intake)
{
    int wait = plan_step(plan, "wait: applicant");
    struct plan_action *ask = plan_action(plan, asks, "supplement", plan_to(plan, wait));

    ask->needs = "reason, papers";
    ask->effects = intake ? "{issue: supplement_request}" : "pause, {issue: supplement_request}";
    if (intake && one_in(plan, 2)) {
        plan_action(plan, wait, "resubmit", plan_to(plan, asks));
        plan->steps[wait].timeout = "after: 30 calendar_days, end: not_accepted, effects: [{issue: "
                                    "refusal}]";
        return;
    }
    supplement_check(plan, wait, plan_step(plan, "role: receiver"), asks, intake);
    if (intake) {
        plan->steps[wait].timeout = "after: 30 calendar_days, end: not_accepted, effects: [{issue: "
                                    "refusal}]";
    } else if (one_in(plan, 2)) {
        plan->steps[wait].timeout =
            "after: 30 calendar_days, end: stopped, effects: [{issue: stop_notice}]";
    } else {
        int propose = plan_step(plan, "role: officer");
        struct plan_action *stop = plan_action(plan, propose, "stop", "end: stopped");

        stop->needs = "reason";
        stop->effects = "{issue: stop_notice}";
        plan_action(plan, propose, "wait_more", plan_to(plan, wait))->needs = "reason";
        plan->steps[wait].timeout = P(plan, "after: 30 calendar_days, %s", plan_to(plan, propose));
    }
}

static int block(struct plan *plan, enum plan_stage stage, struct way out)
{
    bool roomy = plan->step_count < PLAN_STEPS - 30;
    int step;

    switch (dice_roll(plan->dice, 14)) {
    case 0:
    case 1:
        return roomy ? choice(plan, stage, out) : plain(plan, stage, out);
    case 2:
    case 3:
        return roomy && plan->branches < 2 ? fork_join(plan, stage, out) : plain(plan, stage, out);
    case 4:
    case 5:
        return confirmation(plan, stage, out);
    case 6:
        return plan->fees > 0 ? payment(plan, stage, out) : plain(plan, stage, out);
    case 7:
    case 8:
        return stage != STAGE_BEFORE ? linked(plan, stage, out) : plain(plan, stage, out);
    case 9:
        return plan->has_return && plan->branches == 0 && stage == STAGE_DONE
                   ? posting(plan, stage, out)
                   : plain(plan, stage, out);
    case 10:
    case 11:
        step = plain(plan, stage, out);
        if (stage == STAGE_RUNNING && plan->branches == 0 && plan->appraisal_max > 0)
            supplement(plan, step, false);
        return step;
    default:
        return plain(plan, stage, out);
    }
}

static int chain(struct plan *plan, enum plan_stage stage, int length, struct way out)
{
    int entry = block(plan, stage, out);

    while (--length > 0 && plan->step_count < PLAN_STEPS - 20)
        entry = block(plan, stage, (struct way){plan_to(plan, entry), NULL});
    return entry;
}

static int return_result(struct plan *plan)
{
    int step = plan_step(plan, "role: receiver"), post;

    plan_action(plan, step, "hand_over", "end: returned")->needs = "receiver";
    if (one_in(plan, 2)) {
        struct plan_action *publish = plan_action(plan, step, "publish", "end: returned");

        publish->when = "dossier.delivery.method == \"electronic\"";
        publish->effects = "publish_result";
        plan->publishes = true;
    }
    if (!plan->has_return)
        return step;
    post = plan_step(plan, "wait: post");
    plan_action(plan, step, "post", plan_to(plan, post))->effects = "post_return";
    if (!one_in(plan, 4))
        plan->steps[step].actions[plan->steps[step].action_count - 1].when =
            "dossier.delivery.method == \"post\"";
    plan_action(plan, post, "delivered", "end: returned");
    plan_action(plan, post, "came_back", plan_to(plan, step));
    plan_action(plan, post, "lost", plan_to(plan, step))->by = "receiver";
    plan->posts = true;
    return step;
}

static int sign(struct plan *plan, struct way out)
{
    int step = plan_step(plan, "role: leader");
    struct plan_action *refuse;

    trimmings(plan, step, STAGE_DONE);
    leave(plan, step, "approve", out)->needs = "result";
    refuse = plan_action(plan, step, "refuse", "end: refused");
    refuse->needs = "reason";
    refuse->effects = one_in(plan, 2) ? "finish, {issue: refusal}" : "{issue: refusal}";
    return step;
}

static void intake(struct plan *plan, struct way accepted)
{
    struct plan_action *refuse;
    int step = plan_step(plan, "role: receiver");

    if (one_in(plan, 2))
        add_line(plan, step, "agency: receiving");
    if (one_in(plan, 3))
        add_line(plan, step, "limit: 8 working_hours");
    leave(plan, step, "accept", accepted);
    refuse = plan_action(plan, step, "refuse", "end: not_accepted");
    refuse->needs = "reason";
    refuse->effects = "{issue: refusal}";
    if (plan->intake_max > 0)
        supplement(plan, step, true);
    plan->start = one_in(plan, 3)
                      ? chain(plan, STAGE_BEFORE, 1, (struct way){plan_to(plan, step), NULL})
                      : step;
}

void plan_flow(struct plan *plan)
{
    struct way returned = {plan_to(plan, return_result(plan)), NULL};
    struct way issue = {returned.target, "finish"};
    int first;

    if (one_in(plan, 3))
        issue.target = plan_to(plan, chain(plan, STAGE_DONE, 1, returned));
    first =
        sign(plan, one_in(plan, 2)
                       ? issue
                       : (struct way){plan_to(plan, chain(plan, STAGE_RUNNING, 1, issue)), NULL});
    if (!one_in(plan, 5))
        first = chain(plan, STAGE_RUNNING, 1 + (int)dice_roll(plan->dice, 4),
                      (struct way){plan_to(plan, first), NULL});
    intake(plan, (struct way){plan_to(plan, first),
                              one_in(plan, 60) ? "accept" : "accept, {issue: receipt}"});
}
