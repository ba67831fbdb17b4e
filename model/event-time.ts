/** Epoch ms; what lies before it was counted in other units. */
export const EARLIEST_TIME = Date.UTC(2000, 0, 1)
/** Epoch ms, the last one of 2099; what lies after it was counted in other units. */
export const LATEST_TIME = Date.UTC(2100, 0, 1) - 1
