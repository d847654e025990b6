"""Where pictures come from: one decoding (`decode`), files at their own pace, live cameras."""
