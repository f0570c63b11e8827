/** The names of the two sockets, in the folder that `init` chose. */
export const HOOK_SOCKET = 'hook.sock'
export const CONTROL_SOCKET = 'control.sock'

/** On the hooks' socket, for checkpoints. */
export const CHECK_PATH = '/check'
export const METERED_PATH = '/metered'
