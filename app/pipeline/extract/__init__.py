"""From files to features: plan the work, read files and run networks, store what they say."""
