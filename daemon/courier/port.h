/* port.h - ties the delivery loop and the tracking feeds to the service floor: rows become bodies
 * made of the dossier as it is now, answers and news become changes. */
#ifndef DVC_COURIER_PORT_H
#define DVC_COURIER_PORT_H

#include "courier/outbox.h"
#include "courier/tracking.h"

struct service;
struct port;

/* One courier process; `name` is unique among living ones. */
struct port *port_new(struct service *service, const char *name, int64_t heartbeat_us);
struct port *port_free(struct port *port);

/* The loop that this port serves answers to; set before outbox_start. */
void port_serve_outbox(struct port *port, struct outbox *outbox);
struct outbox_port port_outbox(struct port *port);
/* One feed; the port may serve several. */
struct port_feed;
struct port_feed *port_feed_new(struct port *port, const struct vnpost_target *target);
struct port_feed *port_feed_free(struct port_feed *feed);
void port_serve_tracking(struct port_feed *feed, struct tracking *tracking);
struct tracking_port port_tracking(struct port_feed *feed);

#endif
