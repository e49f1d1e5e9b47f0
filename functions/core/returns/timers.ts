/** Timers of a return: goods must arrive and be inspected, approvals be given and used. Those of duties are in duties/. */
export const RECEIPT_DEADLINE = 'receipt-deadline';
export const INSPECTION_DEADLINE = 'inspection-deadline';
export const APPROVAL_EXPIRY = 'approval-expiry';
