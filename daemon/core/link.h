/* link.h - the outbox's channel between a dossier and those that it opened (liên thông). Both ends
 * are this house: who delivers, makes the other dossier or the lead's change. */
#ifndef DVC_CORE_LINK_H
#define DVC_CORE_LINK_H

#define LINK_CHANNEL "linked"
#define LINK_TOPIC_OPEN "open" /* of the lead: {"linked": ["residence"]}; opens all that are asked for */
#define LINK_TOPIC_END "ended" /* of a part: {"lead": id, "link": no, "state": "refused"} */

#endif
