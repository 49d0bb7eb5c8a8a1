/** Where the API is on the server. A change that breaks its clients gets another number beside this one. */
export const API_PREFIX = "/api/v1";
