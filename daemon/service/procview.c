#include "service/procview.h"

#include <string.h>

const char *procview_paper_name(const struct procedure *procedure, const char *id)
{
    for (size_t i = 0; i < procedure->paper_count; i++)
        if (strcmp(procedure->papers[i].id, id) == 0)
            return procedure->papers[i].name;
    return id;
}

static bool stands_on(const struct dossier *dossier, int step)
{
    for (size_t i = 0; i < dossier->task_count; i++)
        if (dossier->tasks[i].state == TASK_OPEN && dossier->tasks[i].step == step)
            return true;
    return false;
}

static void steps(struct jw *jw, const struct dossier *dossier)
{
    jw_key(jw, "steps");
    jw_array(jw);
    for (size_t i = 0; i < dossier->procedure->step_count; i++) {
        const struct step *step = &dossier->procedure->steps[i];

        jw_object(jw);
        jw_kv_str(jw, "id", step->id);
        jw_kv_str(jw, "name", step->name);
        jw_kv_str(jw, "role", step->role != ROLE_NONE ? role_code(step->role) : NULL);
        jw_kv_bool(jw, "current", stands_on(dossier, (int)i));
        jw_kv_bool(jw, "visited", dossier->visits[i] > 0);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

void procview_results(struct jw *jw, const struct procedure *procedure)
{
    jw_key(jw, "results");
    jw_array(jw);
    for (size_t i = 0; i < procedure->result_count; i++) {
        jw_object(jw);
        jw_kv_str(jw, "code", procedure->results[i].code);
        jw_kv_str(jw, "name", procedure->results[i].name);
        jw_kv_bool(jw, "electronic", procedure->results[i].electronic);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

void procview_members(struct jw *jw, const struct dossier *dossier)
{
    const struct procedure *procedure = dossier->procedure;

    steps(jw, dossier);
    jw_key(jw, "documents");
    jw_array(jw);
    for (size_t i = 0; i < procedure->paper_count; i++) {
        jw_object(jw);
        jw_kv_str(jw, "id", procedure->papers[i].id);
        jw_kv_str(jw, "name", procedure->papers[i].name);
        jw_kv_bool(jw, "required", procedure->papers[i].required);
        jw_end_object(jw);
    }
    jw_end_array(jw);
    procview_results(jw, procedure);
}
