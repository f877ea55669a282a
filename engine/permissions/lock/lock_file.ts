/** The name of the lock, in the project's folder. */
export const lockFile = "permissions.lock.json";
