"""Development tooling of Client Hub; never part of the installed add-on."""
