"""From files to patches: find, fingerprint, decode, resample; and what the tags of files say."""
