/* workflow_migrate.h - an open dossier goes over to another published version of its procedure.
 *
 * The law: the version in force at the legal reception decides the limit that the citizen was
 * promised (Decree 61/2018/NĐ-CP, Art 19; the receipt that was given says the day). So neither
 * due_first nor due_current moves, and what later counts of this dossier take (after a hold, after
 * a supplement, by a new calendar) is the promised limit, kept in dossier.promise; before reception
 * nothing is promised yet, and the new version's own holds. An applicant who is being waited for
 * never has less time than he was told.
 *
 * The house's own rules are those of the new version from then on: a desk whose limit is another
 * one begins it anew, whole; one whose limit is the same goes on counting. Warnings of the old
 * version are taken back and those of the new one armed, but for moments that are over. */
#ifndef DVC_CORE_WORKFLOW_MIGRATE_H
#define DVC_CORE_WORKFLOW_MIGRATE_H

#include "core/workflow_decision.h"

/* CMD_MIGRATE (struct migrate in core/workflow.h), by the daemon itself only. One event `migrated`,
 * then what steps take by themselves. Refusals: migrate_same_version, migrate_other_procedure,
 * dossier_ended, reason_required, migrate_case_gone, migrate_case_needed, migrate_channel_closed,
 * migrate_field_missing, migrate_fee_gone, migrate_paper_gone, migrate_link_gone,
 * migrate_step_gone, migrate_step_kind, migrate_step_desk, migrate_wait_shorter, migrate_marking.
 */
int workflow_migrate(struct decision *d);

#endif
