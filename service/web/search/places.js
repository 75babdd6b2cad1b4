/** The category that asks the service to find one. */
export const AUTO = "auto";
