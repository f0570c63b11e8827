/** The names of the two sockets, in the folder that `init` chose. */
export const HOOK_SOCKET = 'hook.sock'
export const CONTROL_SOCKET = 'control.sock'
