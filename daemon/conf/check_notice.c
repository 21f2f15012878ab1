#include "conf/check_notice.h"

#include "conf/check_move.h"
#include "conf/nearest.h"
#include "core/notice.h"

#define WORDS_MAX 32

/* People read what they are told at the desk; of the parties only the applicant does. */
static bool reads(enum role role)
{
    return role_is_staff(role) || role == ROLE_APPLICANT;
}

static const char *text_advice(struct plugin_check *check, const char *text)
{
    const char *words[WORDS_MAX], *nearest, *all = "";
    size_t count = 0;

    for (int i = 0; notice_word(i) != NULL && count < WORDS_MAX; i++)
        words[count++] = notice_word(i);
    nearest = nearest_word(slice_str(text), words, count);
    if (nearest != NULL)
        return arena_printf(check->arena, "có phải \"%s\"?", nearest);
    for (size_t i = 0; i < count; i++)
        all = arena_printf(check->arena, "%s%s%s", all, i == 0 ? "" : ", ", words[i]);
    return arena_printf(check->arena, "cần một trong: %s", all);
}

static bool text_known(const char *text)
{
    for (int i = 0; notice_word(i) != NULL; i++) {
        if (slice_is(slice_str(text), notice_word(i)))
            return true;
    }
    return false;
}

static void notices(struct plugin_check *check, const struct move *move)
{
    for (size_t i = 0; i < move->effect_count; i++) {
        const struct effect *effect = &move->effects[i];

        if (effect->kind != EFFECT_NOTIFY)
            continue;
        if (effect->to == ROLE_NONE)
            MOVE_TELL(check, move, RULE_NOTICE,
                      "\"%s\" của bước \"%s\" báo tin (notify) cho \"assignee\", mà việc vừa làm "
                      "xong thì không còn ai giữ; cần một vai trò của cán bộ, hoặc applicant",
                      move_name(move), move->step->id);
        else if (!reads(effect->to))
            MOVE_TELL(check, move, RULE_NOTICE,
                      "\"%s\" của bước \"%s\" báo tin (notify) cho \"%s\" mà không ai ở đó đọc; "
                      "cần một vai trò của cán bộ, hoặc applicant",
                      move_name(move), move->step->id, role_code(effect->to));
        if (effect->text != NULL && !text_known(effect->text))
            MOVE_TELL(check, move, RULE_NOTICE,
                      "\"%s\" của bước \"%s\" báo tin (notify) bằng nội dung \"%s\" không có; %s",
                      move_name(move), move->step->id, effect->text,
                      text_advice(check, effect->text));
    }
}

/* `step` NULL: the warnings on the total limit. Nobody of the office holds a wait. */
static void warnings(struct plugin_check *check, const struct step *step, const struct rung *rungs,
                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        enum role to = rungs[i].to;

        if (step == NULL && to != ROLE_NONE && !reads(to))
            rule_fault(check, RULE_NOTICE, value_get(check->procedure->source, "warn"),
                       "\"warn\" nhắc hạn cho \"%s\" mà không ai ở đó đọc; cần assignee, một vai "
                       "trò của cán bộ, hoặc applicant",
                       role_code(to));
        else if (step != NULL && to != ROLE_NONE && !reads(to))
            rule_fault_step(check, RULE_NOTICE, step, NULL,
                            "bước \"%s\" nhắc hạn cho \"%s\" mà không ai ở đó đọc; cần assignee, "
                            "một vai trò của cán bộ, hoặc applicant",
                            step->id, role_code(to));
        else if (step != NULL && to == ROLE_NONE && step->wait != WAIT_NOTHING)
            rule_fault_step(check, RULE_NOTICE, step, NULL,
                            "bước chờ \"%s\" nhắc hạn cho \"assignee\" mà bước chờ không có người "
                            "giữ việc; cần một vai trò của cán bộ, hoặc applicant",
                            step->id);
    }
}

void check_notices(struct plugin_check *check)
{
    const struct procedure *procedure = check->procedure;

    warnings(check, NULL, procedure->rungs, procedure->rung_count);
    for (size_t i = 0; i < procedure->step_count; i++) {
        const struct step *step = &procedure->steps[i];
        struct move move;

        warnings(check, step, step->rungs, step->rung_count);
        for (size_t a = 0; a < step->action_count; a++) {
            move = move_of_action(step, &step->actions[a]);
            notices(check, &move);
        }
        move = move_of_timeout(step);
        notices(check, &move);
    }
}
