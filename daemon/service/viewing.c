#include "service/viewing.h"

#include <string.h>

#include "conf/agencies.h"
#include "service/service.h"

bool viewing_masked(const struct service *service, const struct dossier *dossier,
                    const struct actor *actor)
{
    static const enum role desks[] = {ROLE_RECEIVER, ROLE_OFFICER, ROLE_UNIT_HEAD,
                                      ROLE_LEADER,   ROLE_CLERK,   ROLE_CASHIER};
    const char *places[] = {dossier->agency_competent, dossier->agency_receiving,
                            dossier->agency_helping};

    if (access_is_applicant(actor, dossier))
        return false;
    for (size_t i = 0; i < DVC_COUNT(desks); i++)
        for (size_t j = 0; j < DVC_COUNT(places); j++)
            if (places[j] != NULL &&
                access_holds_for(actor, dossier, desks[i], places[j], &service->order))
                return false;
    for (size_t i = 0; i < dossier->task_count; i++) /* an agency asked for its opinion */
        if (dossier->tasks[i].agency != NULL &&
            access_holds_for(actor, dossier, dossier->tasks[i].role, dossier->tasks[i].agency,
                             &service->order))
            return false;
    return true;
}

void viewing_text(struct viewing *v, const char *key, const char *text)
{
    size_t len;

    if (!v->masked || text == NULL) {
        jw_kv_str(&v->jw, key, text);
        return;
    }
    len = strlen(text);
    jw_kv_str(&v->jw, key,
              len > 4 && (unsigned char)text[0] < 0x80 && (unsigned char)text[len - 1] < 0x80
                  ? arena_printf(v->arena, "%c***%c", text[0], text[len - 1])
                  : "***");
}

void viewing_value(struct viewing *v, const char *key, const struct value *tree)
{
    struct buf buf = BUF_INIT(1u << 20);

    jw_key(&v->jw, key);
    if (value_is_null(tree) || v->masked) {
        jw_null(&v->jw);
        return;
    }
    value_write(&buf, tree, false);
    jw_raw(&v->jw, buf_slice(&buf));
    buf_release(&buf);
}

const struct value *viewing_row(const struct viewing *v, const char *list, int no)
{
    const struct value *rows = value_get(v->row, list);

    for (size_t i = 0; i < value_count(rows); i++)
        if (value_get_int(value_at(rows, i), "no", 0) == no)
            return value_at(rows, i);
    return NULL;
}

const char *viewing_agency_name(const struct viewing *v, const char *code)
{
    const struct agency *agency =
        code != NULL ? agency_find(v->service->generation->agencies, slice_str(code)) : NULL;

    return agency != NULL ? agency->name : NULL;
}
