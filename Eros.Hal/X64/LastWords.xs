// What a debugger finds when the machine has stopped.

namespace LastWords

section bss
var ..ErosEpitaph byte[256]
var ..ErosEpitaphFlag byte[1]
