// Imported first by every entry point, so that a runtime without Node.js gets this error and not one about a name that it does not know.
import { checkRuntime } from './runtime.ts';

checkRuntime();
