/** Pages without the frame: sign-in, refusals. */
import * as dialogs from "./dialogs.js";
import * as forms from "./forms.js";

dialogs.start();
forms.start();
