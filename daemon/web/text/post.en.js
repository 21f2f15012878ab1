export default {
  direction_collect: 'Collection of papers', direction_return: 'Delivery of the result', item_code: 'Item number', order_number: 'Order number',
  state_created: 'Order made', state_ordered: 'Accepted by the post', state_collecting: 'Postman on the way to collect', state_picked_up: 'Collected, waybill signed',
  state_handed_over_collect: 'Handed over to the agency (record signed)', state_handed_over_return: 'Handed over to the post (record signed)', state_in_transit: 'On the way', state_invited_1: 'First delivery invitation', state_invited_2: 'Second delivery invitation',
  state_returning: 'On the way back to the agency', state_delivered: 'Delivered', state_returned_to_agency: 'Back at the agency',
  state_collection_failed: 'Collection failed', state_lost: 'Lost', state_damaged: 'Damaged', state_cancelled: 'Cancelled',
};
