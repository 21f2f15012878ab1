/* player.h - what people, the post, other dossiers and time do to a dossier, at random; and a
 * helper who knows what each action asks for. */
#ifndef DVC_SCENARIO_PLAYER_H
#define DVC_SCENARIO_PLAYER_H

#include "walk.h"

/* A day, a channel, answers; and the filing, until one is taken in. */
void player_file(struct walk *walk);
/* One act, by walk->dice; some let time pass and deliver several timers. */
void player_act(struct walk *walk);

/* The one whose work `action` of that task is. */
void player_worker(struct walk *walk, const struct task *task, const struct action *action,
                   struct actor *ret);
/* A command for it with all that can be asked for. */
struct command player_full(struct walk *walk, int task, struct slice action);
void player_staff(struct walk *walk, enum role role, int number, const char *agency,
                  struct actor *ret);

#endif
