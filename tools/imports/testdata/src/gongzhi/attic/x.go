package attic // want `no import rule covers the folder "attic"`
